// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
class IAnimationDataController {
public:
    virtual void OpenBracket(const FText&, bool = true) = 0; virtual void CloseBracket(bool = true) = 0; virtual void InitializeModel() = 0; virtual void NotifyPopulated() = 0;
    virtual void SetFrameRate(FFrameRate, bool = true) = 0; virtual void SetNumberOfFrames(FFrameNumber, bool = true) = 0; virtual bool AddBoneCurve(FName, bool = true) = 0;
    virtual bool SetBoneTrackKeys(FName, const TArray<FVector3f>&, const TArray<FQuat4f>&, const TArray<FVector3f>&, bool = true) = 0;
};
