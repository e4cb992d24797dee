// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Features/IModularFeatures.h"
#include "LiveLinkTypes.h"
class ILiveLinkSource; class ULiveLinkRole; class ULiveLinkSourceSettings;
class ILiveLinkClient : public IModularFeature {
public:
    static FName ModularFeatureName;
    virtual FGuid AddSource(TSharedPtr<ILiveLinkSource>) = 0; virtual void RemoveSource(TSharedPtr<ILiveLinkSource>) = 0;
    virtual void RemoveSubject_AnyThread(const FLiveLinkSubjectKey&) = 0;
    virtual void PushSubjectStaticData_AnyThread(const FLiveLinkSubjectKey&, TSubclassOf<ULiveLinkRole>, FLiveLinkStaticDataStruct&&) = 0;
    virtual void PushSubjectFrameData_AnyThread(const FLiveLinkSubjectKey&, FLiveLinkFrameDataStruct&&) = 0;
    virtual ULiveLinkSourceSettings* GetSourceSettings(const FGuid&) const = 0;
};
