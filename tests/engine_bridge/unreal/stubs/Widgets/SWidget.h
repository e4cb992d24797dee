// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
// Slate's declarative syntax: SNew(SType).Argument(value) + SPanel::Slot()[ child ].
#define STUB_ARGUMENT(name) template <class... A> WidgetArgsType& name(A&&...) { STUB_BODY } template <class F> WidgetArgsType& name##_Lambda(F) { STUB_BODY }
class FReply { public: static FReply Handled(); };
enum class EActiveTimerReturnType { Stop, Continue };
class SWidget { public: virtual ~SWidget(); };
class FWidgetActiveTimerDelegate { public: template <class W> static FWidgetActiveTimerDelegate CreateSP(W*, EActiveTimerReturnType (W::*)(double, float)); };
template <class Arguments> struct TSlateArguments {
    using WidgetArgsType = Arguments;
    STUB_ARGUMENT(IsEnabled)
    Arguments& operator[](const TSharedRef<SWidget>&);
};
template <class Slot> struct TSlot { Slot& AutoHeight(); Slot& AutoWidth(); Slot& FillWidth(float); Slot& Padding(float); Slot& Padding(float, float); Slot& operator[](const TSharedRef<SWidget>&); };
template <class W> struct TDecl {
    template <class P> explicit TDecl(TSharedPtr<P>&); TDecl();
    TSharedRef<W> operator<<=(const typename W::FArguments&) const;
};
#define SNew(Type, ...) TDecl<Type>() <<= Type::FArguments()
#define SAssignNew(Variable, Type, ...) TDecl<Type>(Variable) <<= Type::FArguments()
#define SLATE_BEGIN_ARGS(Type) struct FArguments : TSlateArguments<FArguments> { FArguments()
#define SLATE_END_ARGS() };
