// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
class IModuleInterface { public: virtual ~IModuleInterface(); virtual void StartupModule() {} virtual void ShutdownModule() {} };
#define IMPLEMENT_MODULE(Class, Name) IModuleInterface* StubModule##Name() { return new Class; }
