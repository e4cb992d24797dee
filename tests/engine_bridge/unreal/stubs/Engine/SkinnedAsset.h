// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "ReferenceSkeleton.h"
class USkinnedAsset : public UObject { public: const FReferenceSkeleton& GetRefSkeleton() const; };
