// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "ReferenceSkeleton.h"
struct FMeshPoseBoneIndex { int32 GetInt() const; };
struct FCompactPoseBoneIndex { int32 GetInt() const; };
struct FBoneContainer { uint16 GetSerialNumber() const; const FReferenceSkeleton& GetReferenceSkeleton() const; FMeshPoseBoneIndex MakeMeshPoseIndex(const FCompactPoseBoneIndex&) const; };
