// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
enum class ECheckBoxState { Unchecked, Checked };
#include "Widgets/SWidget.h"
class SCheckBox : public SWidget { public: struct FArguments : TSlateArguments<FArguments> { STUB_ARGUMENT(IsChecked) STUB_ARGUMENT(OnCheckStateChanged) };  };
