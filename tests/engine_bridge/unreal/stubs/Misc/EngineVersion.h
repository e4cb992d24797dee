// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
enum class EVersionComponent { Major, Minor, Patch };
class FEngineVersion { public: static const FEngineVersion& Current(); FString ToString(EVersionComponent) const; };
