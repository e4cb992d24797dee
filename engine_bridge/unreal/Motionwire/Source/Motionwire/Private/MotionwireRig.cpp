// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireRig.h"

#include "MotionwireCoreHeaders.h"
#include "ReferenceSkeleton.h"

namespace
{
	std::vector<motionwire::unreal::Bone> BonesOf(const FReferenceSkeleton& Skeleton)
	{
		std::vector<motionwire::unreal::Bone> Bones(Skeleton.GetNum());
		for (int32 Index = 0; Index < Skeleton.GetNum(); ++Index)
		{
			Bones[Index].name = Motionwire::ToCore(Skeleton.GetBoneName(Index).ToString());
			Bones[Index].parent = Skeleton.GetParentIndex(Index);
			Bones[Index].reference = Motionwire::ToCore(Skeleton.GetRefBonePose()[Index]);
			Bones[Index].scale = Motionwire::ToCore(Skeleton.GetRefBonePose()[Index].GetScale3D());
		}
		return Bones;
	}

	const UMotionwireRetargetTable& TableOf(const UMotionwireRetargetTable* Table)
	{
		return Table != nullptr ? *Table : *GetDefault<UMotionwireRetargetTable>();
	}
}

FMotionwireRig::FMotionwireRig(const motionwire::Skeleton& Source, const FReferenceSkeleton& Skeleton, const UMotionwireRetargetTable* Table)
	: FMotionwireRig(Source, BonesOf(Skeleton), Table)
{
}

FMotionwireRig::FMotionwireRig(
	const motionwire::Skeleton& Source, std::vector<motionwire::unreal::Bone> InBones, const UMotionwireRetargetTable* Table)
	: Rows(TableOf(Table).Rows)
	, Copies(TableOf(Table).Copies)
{
	using namespace motionwire::unreal;
	std::vector<std::string> Names;  // what the rows' views look at
	Names.reserve(2 * Rows.Num() + 2 * Copies.Num());
	const auto Kept = [&Names](FName Name) { return std::string_view(Names.emplace_back(Motionwire::ToCore(Name.ToString()))); };
	std::vector<Row> CoreRows;
	for (const FMotionwireBoneRow& From : Rows)
	{
		Row To;
		To.bone = Kept(From.Bone);
		To.joint = Kept(From.Joint);
		To.stance = static_cast<Stance>(From.Stance);
		CoreRows.push_back(To);
	}
	std::vector<Copy> CoreCopies;
	for (const FMotionwireBoneCopy& From : Copies)
	{
		Copy To;
		To.bone = Kept(From.Bone);
		To.of = Kept(From.Of);
		CoreCopies.push_back(To);
	}
	Retarget = MakeUnique<motionwire::unreal::Retarget>(Source, MoveTemp(InBones), CoreRows.data(), CoreRows.size(), CoreCopies.data(), CoreCopies.size());
}

FMotionwireRig::~FMotionwireRig() = default;

bool FMotionwireRig::IsOf(const UMotionwireRetargetTable* Table) const
{
	return Rows == TableOf(Table).Rows && Copies == TableOf(Table).Copies;
}

bool FMotionwireRig::IsUsable() const
{
	return Retarget->usable();
}

bool FMotionwireRig::HasRootAbovePelvis() const
{
	return Retarget->pelvis() > 0;
}

FString FMotionwireRig::Missing() const
{
	TArray<FString> Names;
	for (const std::string& Name : Retarget->missing())
	{
		Names.Add(Motionwire::ToEngine(Name));
	}
	return FString::Join(Names, TEXT(", "));
}

bool FMotionwireRig::Apply(const TArray<FTransform>& Joints, float RootHeight, bool bMoveRoot, TArray<FTransform>& Out)
{
	Pose.clear();
	for (const FTransform& Joint : Joints)
	{
		Pose.push_back(Motionwire::ToCore(Joint));
	}
	if (!Retarget->fits(Pose, RootHeight))
	{
		return false;
	}
	if (!bMoveRoot)
	{
		Pose[0].translation.x = Pose[0].translation.y = 0.0f;
	}
	Apply(Pose, Out);
	return true;
}

void FMotionwireRig::Apply(const std::vector<motionwire::unreal::Transform>& InPose, TArray<FTransform>& Out)
{
	Retarget->apply(InPose, Bones);
	Out.SetNum(static_cast<int32>(Bones.size()));
	for (int32 Index = 0; Index < Out.Num(); ++Index)
	{
		Out[Index] = Motionwire::ToEngine(Bones[Index]);
		Out[Index].SetScale3D(Motionwire::ToEngine(Retarget->bones()[Index].scale));
	}
}
