// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "MotionwireRetargetTable.h"
#include "Templates/UniquePtr.h"

#include <vector>

struct FReferenceSkeleton;

namespace motionwire
{
	struct Skeleton;
	namespace unreal
	{
		class Retarget;
		struct Bone;
		struct Transform;
	}
}

/** A skeleton that follows Motionwire's poses by a retarget table. */
class MOTIONWIRE_API FMotionwireRig
{
public:
	/** Bones are those of the reference skeleton, in its order. Table: null is the UE5 Mannequin's. */
	FMotionwireRig(const motionwire::Skeleton& Source, const FReferenceSkeleton& Bones, const UMotionwireRetargetTable* Table);
	/** Bones in an order of the caller's, parents first. */
	FMotionwireRig(const motionwire::Skeleton& Source, std::vector<motionwire::unreal::Bone> Bones, const UMotionwireRetargetTable* Table);
	~FMotionwireRig();

	/** Whether the table, null for the UE5 Mannequin's, says now what it said when this was made: its rows may be edited meanwhile. */
	bool IsOf(const UMotionwireRetargetTable* Table) const;

	/** False: the table names no bone of this skeleton that follows the pelvis. */
	bool IsUsable() const;

	/** False also where it is not usable. */
	bool HasRootAbovePelvis() const;

	/** Bones of the table that this skeleton lacks. */
	FString Missing() const;

	/** InPose: joints in parent space, the root in the space of the component. Out: bones in parent space, with their references' scales. */
	void Apply(const std::vector<motionwire::unreal::Transform>& InPose, TArray<FTransform>& Out);

	/**
	 * The same of a Live Link frame. False, and nothing done: these joints have other lengths than those that the rig was made for. RootHeight: of
	 * the root in the rest pose, m. bMoveRoot off: it stays where it is over the ground.
	 */
	bool Apply(const TArray<FTransform>& Joints, float RootHeight, bool bMoveRoot, TArray<FTransform>& Out);

private:
	TArray<FMotionwireBoneRow> Rows;  // of the table
	TArray<FMotionwireBoneCopy> Copies;
	TUniquePtr<motionwire::unreal::Retarget> Retarget;
	std::vector<motionwire::unreal::Transform> Pose;  // kept, so that a frame allocates nothing
	std::vector<motionwire::unreal::Transform> Bones;
};
