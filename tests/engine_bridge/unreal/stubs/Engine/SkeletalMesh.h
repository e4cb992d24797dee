// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Engine/SkinnedAsset.h"
class USkeletalMesh : public USkinnedAsset { public: USkeleton* GetSkeleton(); const USkeleton* GetSkeleton() const; static UClass* StaticClass(); };
