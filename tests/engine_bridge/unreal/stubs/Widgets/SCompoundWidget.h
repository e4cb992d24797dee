// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Widgets/SWidget.h"
class SCompoundWidget : public SWidget { public: void RegisterActiveTimer(float, FWidgetActiveTimerDelegate); struct FChildSlot { FChildSlot& operator[](const TSharedRef<SWidget>&); } ChildSlot; };
