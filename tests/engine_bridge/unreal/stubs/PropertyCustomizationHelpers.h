// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Widgets/SWidget.h"
class SObjectPropertyEntryBox : public SWidget { public: struct FArguments : TSlateArguments<FArguments> { STUB_ARGUMENT(AllowedClass) STUB_ARGUMENT(ObjectPath) STUB_ARGUMENT(OnObjectChanged) };  };
