// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireRetargetTable.h"

#include "MotionwireCoreHeaders.h"

// The editor's names of the core's values.
static_assert(static_cast<int>(EMotionwireStance::AsIs) == static_cast<int>(motionwire::unreal::Stance::as_is));
static_assert(static_cast<int>(EMotionwireStance::Points) == static_cast<int>(motionwire::unreal::Stance::points));
static_assert(static_cast<int>(EMotionwireStance::Follows) == static_cast<int>(motionwire::unreal::Stance::follows));

UMotionwireRetargetTable::UMotionwireRetargetTable()
{
	using namespace motionwire::unreal;
	for (const Row& From : mannequin_rows)
	{
		FMotionwireBoneRow& To = Rows.AddDefaulted_GetRef();
		To.Bone = FName(From.bone.data());
		To.Joint = FName(From.joint.data());
		To.Stance = static_cast<EMotionwireStance>(From.stance);
	}
	for (const Copy& From : mannequin_copies)
	{
		FMotionwireBoneCopy& To = Copies.AddDefaulted_GetRef();
		To.Bone = FName(From.bone.data());
		To.Of = FName(From.of.data());
	}
}
