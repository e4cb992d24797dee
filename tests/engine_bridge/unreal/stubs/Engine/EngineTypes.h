// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
enum ECollisionChannel : int { ECC_WorldStatic, ECC_Visibility };
namespace EEndPlayReason { enum Type { Destroyed }; }
namespace EWorldType { enum Type { None, Game, Editor, PIE }; }
struct FHitResult;
