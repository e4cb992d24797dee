// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
class UWorld;
void DrawDebugLine(const UWorld*, const FVector&, const FVector&, const FColor&);
void DrawDebugPoint(const UWorld*, const FVector&, float, const FColor&);
