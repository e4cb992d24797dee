// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "LiveLinkRetargetAsset.h"
#include "MotionwireRetargetAsset.generated.h"

class FMotionwireRig;
class UMotionwireRetargetTable;

/**
 * Retarget asset for the Live Link Pose node: Motionwire subjects on any skeleton that has a retarget table. As it is, it fits the UE5
 * Mannequin; make a Blueprint of it to choose another table. Live Link's own remap asset would copy bone lengths and T-pose-relative rotations,
 * which no rig but Motionwire's can wear.
 */
UCLASS(Blueprintable)
class MOTIONWIRE_API UMotionwireRetargetAsset : public ULiveLinkRetargetAsset
{
	GENERATED_UCLASS_BODY()

public:
	/** Empty: the UE5 Mannequin's. */
	UPROPERTY(EditAnywhere, Category = "Motionwire")
	TObjectPtr<UMotionwireRetargetTable> RetargetTable;

	/** Off: the character stays on the spot; its root is moved by the component, or by nothing. */
	UPROPERTY(EditAnywhere, Category = "Motionwire")
	bool bMoveRoot = true;

	// ULiveLinkRetargetAsset
	virtual void BuildPoseFromAnimationData(
		float DeltaTime, const FLiveLinkSkeletonStaticData* InSkeletonData, const FLiveLinkAnimationFrameData* InFrameData, FCompactPose& OutPose) override;
	virtual void BuildPoseAndCurveFromBaseData(
		float DeltaTime, const FLiveLinkBaseStaticData* InBaseStaticData, const FLiveLinkBaseFrameData* InBaseFrameData, FCompactPose& OutPose,
		FBlendedCurve& OutCurve) override;

private:
	/** Makes Rig for these joints and bones; false: they are no skeleton. */
	bool Fit(const FLiveLinkSkeletonStaticData& Static, const FLiveLinkAnimationFrameData& Frame, float RootHeight, const FCompactPose& Pose);

	/** Of the bones, the table and the subject that were seen last; made anew where one of them changes. */
	TSharedPtr<FMotionwireRig> Rig;
	uint16 BoneContainerSerial = 0;
	TArray<FName> Joints;
	TArray<int32> Parents;
	TArray<FTransform> Bones;
};
