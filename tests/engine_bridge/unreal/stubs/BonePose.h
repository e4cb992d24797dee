// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "BoneContainer.h"
struct FCompactPose {
    struct FRange { const FCompactPoseBoneIndex* begin() const; const FCompactPoseBoneIndex* end() const; };
    FRange ForEachBoneIndex() const; const FBoneContainer& GetBoneContainer() const; const FTransform& GetRefPose(const FCompactPoseBoneIndex&) const;
    FCompactPoseBoneIndex GetParentBoneIndex(const FCompactPoseBoneIndex&) const; FTransform& operator[](const FCompactPoseBoneIndex&);
};
