// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireRetargetAsset.h"

#include "BoneContainer.h"
#include "BonePose.h"
#include "MotionwireConnection.h"
#include "MotionwireCoreHeaders.h"
#include "MotionwireRig.h"
#include "MotionwireSubject.h"
#include "Roles/LiveLinkAnimationTypes.h"

namespace
{
	/** The subject's skeleton, from what Live Link hands on: rest offsets are the translations of all joints but the root. */
	motionwire::Skeleton SkeletonOf(const FLiveLinkSkeletonStaticData& Static, const FLiveLinkAnimationFrameData& Frame)
	{
		motionwire::Skeleton Skeleton;
		const int32 Height = Static.PropertyNames.IndexOfByKey(Motionwire::RestHeightCurve);
		for (int32 Joint = 0; Joint < Static.BoneNames.Num(); ++Joint)
		{
			Skeleton.names.push_back(Motionwire::ToCore(Static.BoneNames[Joint].ToString()));
			Skeleton.parents.push_back(Joint == 0 ? -1 : Static.BoneParents[Joint]);
			motionwire::Vec3 Offset = motionwire::unreal::canonical_position(Motionwire::ToCore(Frame.Transforms[Joint].GetLocation()));
			if (Joint == 0)
			{
				Offset = { 0.0f, Frame.PropertyValues.IsValidIndex(Height) ? Frame.PropertyValues[Height] : 0.0f, 0.0f };
			}
			Skeleton.offsets.insert(Skeleton.offsets.end(), { Offset.x, Offset.y, Offset.z });
		}
		return Skeleton;
	}

	std::vector<motionwire::unreal::Bone> BonesOf(const FCompactPose& Pose)
	{
		const FBoneContainer& Container = Pose.GetBoneContainer();
		std::vector<motionwire::unreal::Bone> Bones;
		for (const FCompactPoseBoneIndex Index : Pose.ForEachBoneIndex())
		{
			motionwire::unreal::Bone Bone;
			Bone.name = Motionwire::ToCore(Container.GetReferenceSkeleton().GetBoneName(Container.MakeMeshPoseIndex(Index).GetInt()).ToString());
			Bone.parent = Pose.GetParentBoneIndex(Index).GetInt();
			Bone.reference = Motionwire::ToCore(Pose.GetRefPose(Index));
			Bones.push_back(Bone);
		}
		return Bones;
	}
}

UMotionwireRetargetAsset::UMotionwireRetargetAsset(const FObjectInitializer& ObjectInitializer)
	: Super(ObjectInitializer)
{
}

void UMotionwireRetargetAsset::BuildPoseFromAnimationData(
	float DeltaTime, const FLiveLinkSkeletonStaticData* InSkeletonData, const FLiveLinkAnimationFrameData* InFrameData, FCompactPose& OutPose)
{
	const int32 Count = InSkeletonData->BoneNames.Num();
	if (Count == 0 || InFrameData->Transforms.Num() != Count || InSkeletonData->BoneParents.Num() != Count)
	{
		return;
	}
	const uint16 Serial = OutPose.GetBoneContainer().GetSerialNumber();
	if (!Rig || Serial != BoneContainerSerial || Joints != InSkeletonData->BoneNames)
	{
		const motionwire::Skeleton Skeleton = SkeletonOf(*InSkeletonData, *InFrameData);
		if (!Skeleton.sound())
		{
			return;
		}
		Rig = MakeShared<FMotionwireRig>(Skeleton, BonesOf(OutPose), RetargetTable);
		BoneContainerSerial = Serial;
		Joints = InSkeletonData->BoneNames;
		if (!Rig->IsUsable())
		{
			UE_LOG(LogMotionwire, Warning, TEXT("The retarget table does not fit the skeleton: it has none of %s"), *Rig->Missing());
		}
	}
	if (!Rig->IsUsable())
	{
		return;
	}
	std::vector<motionwire::unreal::Transform> Pose;
	Pose.reserve(Count);
	for (const FTransform& Joint : InFrameData->Transforms)
	{
		Pose.push_back(Motionwire::ToCore(Joint));
	}
	if (!bMoveRoot)
	{
		Pose[0].translation.x = Pose[0].translation.y = 0.0f;
	}
	Rig->Apply(Pose, Bones);
	for (const FCompactPoseBoneIndex Index : OutPose.ForEachBoneIndex())
	{
		FTransform Bone = Bones[Index.GetInt()];
		Bone.SetScale3D(OutPose.GetRefPose(Index).GetScale3D());
		OutPose[Index] = Bone;
	}
}
