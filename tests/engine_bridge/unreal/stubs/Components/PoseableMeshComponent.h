// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Components/SceneComponent.h"
class USkinnedAsset;
class USkinnedMeshComponent : public USceneComponent { public: USkinnedAsset* GetSkinnedAsset() const; };
class UPoseableMeshComponent : public USkinnedMeshComponent { public: TArray<FTransform> BoneSpaceTransforms; virtual void RefreshBoneTransforms(struct FActorComponentTickFunction* = nullptr); };
