// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Engine/EngineTypes.h"
class AActor;
#define SCENE_QUERY_STAT(name) FName(TEXT(#name))
struct FCollisionQueryParams { FCollisionQueryParams(FName, bool, const AActor*); };
