// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
struct FLiveLinkSkeletonStaticData; struct FLiveLinkAnimationFrameData; struct FLiveLinkBaseStaticData; struct FLiveLinkBaseFrameData; struct FCompactPose; struct FBlendedCurve;
class ULiveLinkRetargetAsset : public UObject {
public:
    explicit ULiveLinkRetargetAsset(const FObjectInitializer&);
    void BuildCurveData(const TMap<FName, float>&, const FCompactPose&, FBlendedCurve&) const;
    virtual void BuildPoseFromAnimationData(float, const FLiveLinkSkeletonStaticData*, const FLiveLinkAnimationFrameData*, FCompactPose&) {}
    virtual void BuildPoseAndCurveFromBaseData(float, const FLiveLinkBaseStaticData*, const FLiveLinkBaseFrameData*, FCompactPose&, FBlendedCurve&) {}
};
