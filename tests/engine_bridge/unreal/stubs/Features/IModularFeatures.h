// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
class IModularFeature {};
class IModularFeatures { public: static IModularFeatures& Get(); bool IsModularFeatureAvailable(FName) const; template <class T> T& GetModularFeature(FName); };
