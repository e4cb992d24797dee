// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "LiveLinkTypes.h"
struct FLiveLinkSkeletonStaticData : FLiveLinkBaseStaticData { TArray<FName> BoneNames; TArray<int32> BoneParents; void SetBoneNames(const TArray<FName>&); void SetBoneParents(const TArray<int32>&); static UScriptStruct* StaticStruct(); };
struct FLiveLinkAnimationFrameData : FLiveLinkBaseFrameData { TArray<FTransform> Transforms; static UScriptStruct* StaticStruct(); };
