// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Animation/AnimData/IAnimationDataController.h"
class USkeletalMesh;
class UAnimSequence : public UObject { public: bool bEnableRootMotion; void SetSkeleton(USkeleton*); void SetPreviewMesh(USkeletalMesh*, bool = true); IAnimationDataController& GetController(); };
