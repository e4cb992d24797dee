// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
class FRunnable { public: virtual ~FRunnable(); virtual bool Init() { return true; } virtual uint32 Run() = 0; virtual void Stop() {} virtual void Exit() {} };
