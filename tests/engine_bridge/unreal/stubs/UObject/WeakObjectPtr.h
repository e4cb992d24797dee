// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
template <class T> class TWeakObjectPtr { public: TWeakObjectPtr(); TWeakObjectPtr& operator=(T*); T* Get() const; bool IsValid() const; };
