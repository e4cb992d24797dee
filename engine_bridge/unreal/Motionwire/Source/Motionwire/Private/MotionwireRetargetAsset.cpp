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
	const FName PhaseCurve(TEXT("gait_phase"));
	constexpr float TwoPi = 6.2831853f;

	/** The subject's skeleton, from what Live Link hands on: rest offsets are the translations of all joints but the root. */
	motionwire::Skeleton SkeletonOf(const FLiveLinkSkeletonStaticData& Static, const FLiveLinkAnimationFrameData& Frame, float RootHeight)
	{
		motionwire::Skeleton Skeleton;
		for (int32 Joint = 0; Joint < Static.BoneNames.Num(); ++Joint)
		{
			Skeleton.names.push_back(Motionwire::ToCore(Static.BoneNames[Joint].ToString()));
			Skeleton.parents.push_back(Joint == 0 ? -1 : Static.BoneParents[Joint]);
			motionwire::Vec3 Offset = motionwire::unreal::canonical_position(Motionwire::ToCore(Frame.Transforms[Joint].GetLocation()));
			if (Joint == 0)
			{
				Offset = { 0.0f, RootHeight, 0.0f };
			}
			Skeleton.offsets.insert(Skeleton.offsets.end(), { Offset.x, Offset.y, Offset.z });
		}
		return Skeleton;
	}

	/** Height of the root in the rest pose, m, of which a frame carries a curve. */
	float RootHeightOf(const FLiveLinkSkeletonStaticData& Static, const FLiveLinkAnimationFrameData& Frame)
	{
		const int32 Curve = Static.PropertyNames.IndexOfByKey(Motionwire::RestHeightCurve);
		return Frame.PropertyValues.IsValidIndex(Curve) ? Frame.PropertyValues[Curve] : 0.0f;
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
			Bone.scale = Motionwire::ToCore(Pose.GetRefPose(Index).GetScale3D());
			Bones.push_back(Bone);
		}
		return Bones;
	}
}

UMotionwireRetargetAsset::UMotionwireRetargetAsset(const FObjectInitializer& ObjectInitializer)
	: Super(ObjectInitializer)
{
}

bool UMotionwireRetargetAsset::Fit(
	const FLiveLinkSkeletonStaticData& Static, const FLiveLinkAnimationFrameData& Frame, float RootHeight, const FCompactPose& Pose)
{
	const motionwire::Skeleton Skeleton = SkeletonOf(Static, Frame, RootHeight);
	if (!Skeleton.sound())
	{
		return false;
	}
	Rig = MakeShared<FMotionwireRig>(Skeleton, BonesOf(Pose), RetargetTable);
	BoneContainerSerial = Pose.GetBoneContainer().GetSerialNumber();
	Joints = Static.BoneNames;
	Parents = Static.BoneParents;
	if (!Rig->IsUsable())
	{
		UE_LOG(LogMotionwire, Warning, TEXT("The retarget table does not fit the skeleton: it has none of %s"), *Rig->Missing());
	}
	return true;
}

void UMotionwireRetargetAsset::BuildPoseFromAnimationData(
	float DeltaTime, const FLiveLinkSkeletonStaticData* InSkeletonData, const FLiveLinkAnimationFrameData* InFrameData, FCompactPose& OutPose)
{
	const int32 Count = InSkeletonData->BoneNames.Num();
	if (Count == 0 || InFrameData->Transforms.Num() != Count || InSkeletonData->BoneParents.Num() != Count)
	{
		return;
	}
	const float RootHeight = RootHeightOf(*InSkeletonData, *InFrameData);
	const bool bSame = Rig && OutPose.GetBoneContainer().GetSerialNumber() == BoneContainerSerial && Rig->IsOf(RetargetTable)
		&& Joints == InSkeletonData->BoneNames && Parents == InSkeletonData->BoneParents;
	if (!bSame && !Fit(*InSkeletonData, *InFrameData, RootHeight, OutPose))
	{
		return;
	}
	if (!Rig->IsUsable())
	{
		return;
	}
	if (!Rig->Apply(InFrameData->Transforms, RootHeight, bMoveRoot, Bones))
	{
		// Another character's bones, or those of a server that was started again with another bundle.
		if (!Fit(*InSkeletonData, *InFrameData, RootHeight, OutPose) || !Rig->Apply(InFrameData->Transforms, RootHeight, bMoveRoot, Bones))
		{
			return;
		}
	}
	for (const FCompactPoseBoneIndex Index : OutPose.ForEachBoneIndex())
	{
		OutPose[Index] = Bones[Index.GetInt()];
	}
}

void UMotionwireRetargetAsset::BuildPoseAndCurveFromBaseData(
	float DeltaTime, const FLiveLinkBaseStaticData* InBaseStaticData, const FLiveLinkBaseFrameData* InBaseFrameData, FCompactPose& OutPose,
	FBlendedCurve& OutCurve)
{
	const TArray<FName>& Names = InBaseStaticData->PropertyNames;
	TMap<FName, float> Curves;
	for (int32 Index = 0; Index < Names.Num() && InBaseFrameData->PropertyValues.IsValidIndex(Index); ++Index)
	{
		if (Names[Index] != Motionwire::RestHeightCurve)
		{
			Curves.Add(Names[Index], InBaseFrameData->PropertyValues[Index]);
		}
	}
	const float* const Sine = Curves.Find(Motionwire::PhaseSineCurve);
	const float* const Cosine = Curves.Find(Motionwire::PhaseCosineCurve);
	if (Sine != nullptr && Cosine != nullptr)
	{
		const float Phase = FMath::Atan2(*Sine, *Cosine);
		Curves.Add(PhaseCurve, Phase < 0.0f ? Phase + TwoPi : Phase);
	}
	BuildCurveData(Curves, OutPose, OutCurve);
}
