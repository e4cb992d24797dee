// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
class ILiveLinkSource; class SWidget;
class ULiveLinkSourceFactory : public UObject {
public:
    struct FOnLiveLinkSourceCreated { bool ExecuteIfBound(TSharedPtr<ILiveLinkSource>, FString) const; };
    enum class EMenuType { SubPanel, MenuEntry, Disabled };
    virtual FText GetSourceDisplayName() const = 0; virtual FText GetSourceTooltip() const = 0; virtual EMenuType GetMenuType() const; virtual bool IsEnabled() const;
    virtual TSharedPtr<SWidget> BuildCreationPanel(FOnLiveLinkSourceCreated) const; virtual TSharedPtr<ILiveLinkSource> CreateSource(const FString&) const;
};
