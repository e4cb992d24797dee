// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "LiveLinkSourceSettings.h"
#include "MotionwireLiveLinkSourceSettings.generated.h"

/** What the Live Link panel shows of a Motionwire source. */
UCLASS()
class MOTIONWIRE_API UMotionwireLiveLinkSourceSettings : public ULiveLinkSourceSettings
{
	GENERATED_BODY()

public:
	/** Subjects are called Name_1, Name_2 and so on. */
	UPROPERTY(EditAnywhere, Category = "Motionwire")
	FString SubjectName = TEXT("Motionwire");

	UPROPERTY(EditAnywhere, Category = "Motionwire", meta = (ClampMin = 1, ClampMax = 64))
	int32 Characters = 1;

	/** Velocity over the ground in cm/s, in the world. */
	UPROPERTY(EditAnywhere, Category = "Motionwire")
	FVector2D Move = FVector2D::ZeroVector;

	/** One of the model's styles; empty: its first. */
	UPROPERTY(EditAnywhere, Category = "Motionwire")
	FString Gait;

	/** All characters act it out when it changes. */
	UPROPERTY(EditAnywhere, Category = "Motionwire")
	FString Sentence;
};
