// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Widgets/SWidget.h"
template <class Box> class TBoxStub : public SWidget {
public:
    struct FSlot : TSlot<FSlot> {};
    struct FArguments : TSlateArguments<FArguments> { FArguments& operator+(FSlot&); };
    static FSlot& Slot();
};
class SHorizontalBox : public TBoxStub<SHorizontalBox> {};
class SVerticalBox : public TBoxStub<SVerticalBox> {};
