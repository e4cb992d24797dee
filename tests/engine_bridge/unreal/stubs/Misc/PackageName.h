// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
struct FPackageName { static bool IsValidLongPackageName(const FString&, bool = false, FText* = nullptr); static FString GetShortName(const FString&); };
