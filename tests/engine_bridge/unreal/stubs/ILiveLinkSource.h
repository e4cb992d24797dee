// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
class ILiveLinkClient; class ULiveLinkSourceSettings;
class ILiveLinkSource {
public:
    virtual ~ILiveLinkSource();
    virtual bool CanBeDisplayedInUI() const; virtual void ReceiveClient(ILiveLinkClient*, FGuid) = 0; virtual void InitializeSettings(ULiveLinkSourceSettings*) {}
    virtual void Update() {} virtual bool IsSourceStillValid() const = 0; virtual bool RequestSourceShutdown() = 0;
    virtual FText GetSourceType() const = 0; virtual FText GetSourceMachineName() const = 0; virtual FText GetSourceStatus() const = 0;
    virtual TSubclassOf<ULiveLinkSourceSettings> GetSettingsClass() const; virtual void OnSettingsChanged(ULiveLinkSourceSettings*, const FPropertyChangedEvent&) {}
};
