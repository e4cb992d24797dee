// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "HAL/Runnable.h"
enum EThreadPriority { TPri_Normal, TPri_AboveNormal };
class FRunnableThread { public: virtual ~FRunnableThread(); static FRunnableThread* Create(FRunnable*, const TCHAR*, uint32 StackSize = 0, EThreadPriority = TPri_Normal); virtual void WaitForCompletion() = 0; };
