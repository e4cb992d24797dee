// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
template <class T> class TStrongObjectPtr { public: bool IsValid() const; T* Get() const; T* operator->() const; T& operator*() const; void Reset(T* = nullptr); };
