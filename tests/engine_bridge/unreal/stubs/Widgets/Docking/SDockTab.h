// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
enum ETabRole { MajorTab, PanelTab, NomadTab };
#include "Widgets/SWidget.h"
class SDockTab : public SWidget { public: struct FArguments : TSlateArguments<FArguments> { STUB_ARGUMENT(TabRole) };  };
