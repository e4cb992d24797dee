// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Widgets/SWidget.h"
template <class T> class SSpinBox : public SWidget { public: struct FArguments : TSlateArguments<FArguments> { using WidgetArgsType = FArguments; FArguments& MinValue(T); FArguments& MaxValue(T); STUB_ARGUMENT(Value) STUB_ARGUMENT(OnValueChanged) }; };
