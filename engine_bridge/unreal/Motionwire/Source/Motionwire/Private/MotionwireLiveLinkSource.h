// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "ILiveLinkSource.h"
#include "MotionwireConnection.h"

class UMotionwireLiveLinkSourceSettings;

/**
 * Live Link source with a session of its own: characters at the server's pace, one subject each, driven from the source's settings. It works in
 * the editor without playing.
 */
class FMotionwireLiveLinkSource final : public ILiveLinkSource
{
public:
	/** ConnectionString: "host:port", as the factory makes it. The token is that of the project settings. */
	explicit FMotionwireLiveLinkSource(const FString& ConnectionString);
	virtual ~FMotionwireLiveLinkSource() override;

	// ILiveLinkSource
	virtual void ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid) override;
	virtual void InitializeSettings(ULiveLinkSourceSettings* InSettings) override;
	virtual void OnSettingsChanged(ULiveLinkSourceSettings* InSettings, const FPropertyChangedEvent& Change) override;
	virtual TSubclassOf<ULiveLinkSourceSettings> GetSettingsClass() const override;
	virtual void Update() override;
	virtual bool IsSourceStillValid() const override;
	virtual bool RequestSourceShutdown() override;
	virtual FText GetSourceType() const override;
	virtual FText GetSourceMachineName() const override;
	virtual FText GetSourceStatus() const override;

private:
	void Apply(const UMotionwireLiveLinkSourceSettings& Wanted);
	/** Those of now. */
	void ApplySettings();
	void Spawn(uint32 Character);
	/** Asks once more for those whom the server refused. */
	void SpawnRefused();
	void TakeNotices();
	void TakePoses();
	FName SubjectName(uint32 Character) const;

	/** The state of the core that changes with each frame; its types stay out of this header. */
	struct FState;

	FMotionwireEndpoint Endpoint;
	TUniquePtr<FMotionwireConnection> Connection;
	TUniquePtr<FState> State;
	ILiveLinkClient* Client = nullptr;
	FGuid SourceGuid;
	FText Status;
	FString Subject;
	FString LastSentence;
};
