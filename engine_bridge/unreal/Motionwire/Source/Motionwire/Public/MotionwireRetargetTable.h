// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "Engine/DataAsset.h"
#include "MotionwireRetargetTable.generated.h"

/** How a bone's T-pose comes from the skeleton's reference pose. */
UENUM(BlueprintType)
enum class EMotionwireStance : uint8
{
	/** It stands in the reference pose as in a T-pose: spine, head, feet that are flat on the ground. */
	AsIs,
	/** It is turned to point at the next bone of the table as in a T-pose: arms and legs. */
	Points,
	/** It is turned along with its parent: hands. */
	Follows,
};

USTRUCT(BlueprintType)
struct MOTIONWIRE_API FMotionwireBoneRow
{
	GENERATED_BODY()

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	FName Bone;

	/** One of Motionwire's 22 joints, e.g. left_shoulder. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	FName Joint;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	EMotionwireStance Stance = EMotionwireStance::AsIs;

	bool operator==(const FMotionwireBoneRow&) const = default;
};

/** A bone that is placed where another one is, as the Mannequin's IK bones are. */
USTRUCT(BlueprintType)
struct MOTIONWIRE_API FMotionwireBoneCopy
{
	GENERATED_BODY()

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	FName Bone;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	FName Of;

	bool operator==(const FMotionwireBoneCopy&) const = default;
};

/** Which bone of a skeleton follows which joint. A new one is filled in for the UE5 Mannequin. Changes count at once, also while it is played. */
UCLASS(BlueprintType)
class MOTIONWIRE_API UMotionwireRetargetTable : public UDataAsset
{
	GENERATED_BODY()

public:
	UMotionwireRetargetTable();

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	TArray<FMotionwireBoneRow> Rows;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	TArray<FMotionwireBoneCopy> Copies;
};
