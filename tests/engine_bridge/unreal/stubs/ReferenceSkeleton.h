// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
struct FReferenceSkeleton { int32 GetNum() const; FName GetBoneName(int32) const; int32 GetParentIndex(int32) const; const TArray<FTransform>& GetRefBonePose() const; };
