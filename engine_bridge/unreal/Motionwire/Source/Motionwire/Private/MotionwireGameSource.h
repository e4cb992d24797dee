// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "ILiveLinkSource.h"
#include "LiveLinkTypes.h"

/** Live Link source of a running game: components publish their characters through it. It connects to nothing by itself. */
class FMotionwireGameSource final : public ILiveLinkSource
{
public:
	/** Null before Live Link has taken the source in, and after it let it go. */
	ILiveLinkClient* GetLiveLink() const { return Client; }
	FLiveLinkSubjectKey KeyOf(FName Subject) const { return FLiveLinkSubjectKey(SourceGuid, Subject); }

	// ILiveLinkSource
	virtual void ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid) override
	{
		Client = InClient;
		SourceGuid = InSourceGuid;
	}
	virtual bool IsSourceStillValid() const override { return Client != nullptr; }
	virtual bool RequestSourceShutdown() override
	{
		Client = nullptr;
		return true;
	}
	virtual FText GetSourceType() const override { return NSLOCTEXT("Motionwire", "GameSource", "Motionwire (game)"); }
	virtual FText GetSourceMachineName() const override { return FText::FromString(FPlatformProcess::ComputerName()); }
	virtual FText GetSourceStatus() const override { return NSLOCTEXT("Motionwire", "GameSourceStatus", "Active"); }

private:
	ILiveLinkClient* Client = nullptr;
	FGuid SourceGuid;
};
