// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Widgets/SWidget.h"
class STextBlock : public SWidget { public: struct FArguments : TSlateArguments<FArguments> { STUB_ARGUMENT(Text) STUB_ARGUMENT(AutoWrapText) };  };
