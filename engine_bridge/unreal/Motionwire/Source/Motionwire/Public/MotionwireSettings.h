// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "Engine/DeveloperSettings.h"
#include "MotionwireConnection.h"
#include "MotionwireSettings.generated.h"

/** Project Settings > Plugins > Motionwire. */
UCLASS(config = Game, defaultconfig, meta = (DisplayName = "Motionwire"))
class MOTIONWIRE_API UMotionwireSettings : public UDeveloperSettings
{
	GENERATED_BODY()

public:
	/** Address of the machine on which `motionwire serve` runs. */
	UPROPERTY(config, EditAnywhere, Category = "Server")
	FString Host = TEXT("127.0.0.1");

	UPROPERTY(config, EditAnywhere, Category = "Server", meta = (ClampMin = 1, ClampMax = 65535))
	int32 Port = 5588;

	/** What the server was started with; empty: it asks for none. It is kept in DefaultGame.ini as plain text. */
	UPROPERTY(config, EditAnywhere, Category = "Server")
	FString Token;

	/**
	 * How long a frame waits for the poses that it asked for, in microseconds. 0: characters are shown as they were one frame ago, and
	 * nothing waits. 2000 is the most, and enough for a server on the same machine.
	 */
	UPROPERTY(config, EditAnywhere, Category = "Timing", meta = (ClampMin = 0, ClampMax = 2000, Units = "us"))
	int32 WaitMicroseconds = 0;

	/**
	 * The server keeps the time instead of the game: for a server on another machine. Poses are shown a frame and a half late and
	 * interpolated, so that an unsteady network does not show. It counts from the next time that a world begins.
	 */
	UPROPERTY(config, EditAnywhere, Category = "Timing")
	bool bStream = false;

	virtual FName GetCategoryName() const override { return TEXT("Plugins"); }

	FMotionwireEndpoint GetEndpoint() const;
};
