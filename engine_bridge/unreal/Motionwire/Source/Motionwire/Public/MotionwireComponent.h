// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "Components/ActorComponent.h"
#include "UObject/WeakObjectPtr.h"
#include "MotionwireComponent.generated.h"

class FMotionwireRig;
class UMotionwireRetargetTable;
class UMotionwireSubsystem;
class UPoseableMeshComponent;

namespace motionwire
{
	struct Notice;
	struct PoseFrame;
}

DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(FMotionwireFootstep, bool, bLeft, FVector, Location);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FMotionwireAct, int32, Act);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(FMotionwireActFailed, int32, Act, const FString&, Message);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FMotionwireFault, const FString&, Message);

/**
 * One animated character. Give it a velocity each frame, or a sentence to act out; it moves its actor and poses a Poseable Mesh component of
 * the actor, or publishes a Live Link subject for an animation blueprint.
 */
UCLASS(ClassGroup = (Motionwire), meta = (BlueprintSpawnableComponent))
class MOTIONWIRE_API UMotionwireComponent : public UActorComponent
{
	GENERATED_BODY()

public:
	UMotionwireComponent();

	/** One of the server's models; empty: its first. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	FString Model;

	/** The same seed and the same input give the same motion. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	int32 Seed = 0;

	/** Off: it is not there before Spawn is called. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	bool bSpawnOnBeginPlay = true;

	/** On: the actor goes where the character goes. Off: the actor stays and the pelvis moves within it. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	bool bMoveActor = true;

	/** Tells the server how high the ground is on the character's way, by line traces; for slopes and stairs. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	bool bTraceGround = false;

	/** What counts as ground for Trace Ground. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	TEnumAsByte<ECollisionChannel> GroundChannel = ECC_Visibility;

	/** Bones of the Poseable Mesh; empty: the UE5 Mannequin's. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	TObjectPtr<UMotionwireRetargetTable> RetargetTable;

	/** Name of the Live Link subject that this character is published as; none: it is not. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	FName LiveLinkSubject;

	/** Draws the desired path (green), the network's forecast (yellow) and standing feet (red). */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Motionwire")
	bool bDrawDebug = false;

	/** A foot landed. Location: of the foot, in the world. */
	UPROPERTY(BlueprintAssignable, Category = "Motionwire")
	FMotionwireFootstep OnFootstep;

	/** The motion of a sentence starts. */
	UPROPERTY(BlueprintAssignable, Category = "Motionwire")
	FMotionwireAct OnActBegin;

	/** It is over; also where it was stopped or replaced. */
	UPROPERTY(BlueprintAssignable, Category = "Motionwire")
	FMotionwireAct OnActEnd;

	/** A sentence cannot be acted, was refused, or was lost with its server: why. */
	UPROPERTY(BlueprintAssignable, Category = "Motionwire")
	FMotionwireActFailed OnActFailed;

	/** The model failed; the pose is held. */
	UPROPERTY(BlueprintAssignable, Category = "Motionwire")
	FMotionwireFault OnFault;

	/** Puts the character where the actor stands. Does nothing if it is there already. An actor that travels to another level takes it along. */
	UFUNCTION(BlueprintCallable, Category = "Motionwire")
	void Spawn();

	/** Takes the character off the server; the actor stays as it is. */
	UFUNCTION(BlueprintCallable, Category = "Motionwire")
	void Despawn();

	/**
	 * Puts the character elsewhere as it is: walking and acting go on there. The actor goes along where it is moved by the character (Move Actor).
	 * Location: of the actor. With a server older than protocol 1.3 the character stands there, and what it acted is lost.
	 */
	UFUNCTION(BlueprintCallable, Category = "Motionwire")
	void Teleport(FVector Location, float Yaw);

	/** Wanted velocity over the ground in cm/s, in the world. It holds until it is set again. */
	UFUNCTION(BlueprintCallable, Category = "Motionwire")
	void SetMove(FVector Velocity);

	/** Where to face, as a yaw in degrees in the world, whatever the direction of movement. */
	UFUNCTION(BlueprintCallable, Category = "Motionwire")
	void SetFacing(float Yaw);

	/** Face where it moves. */
	UFUNCTION(BlueprintCallable, Category = "Motionwire")
	void ClearFacing();

	/** One of the subsystem's GetGaits; empty: the first. */
	UFUNCTION(BlueprintCallable, Category = "Motionwire")
	void SetGait(const FString& Gait);

	/**
	 * Acts a sentence out from the present pose and walks on afterwards. Seconds 0: the model decides. bQueue: after what it acts now.
	 * The number that the delegates carry; 0: there is no server just now, or the sentence is empty or longer than 512 characters.
	 */
	UFUNCTION(BlueprintCallable, Category = "Motionwire", meta = (AdvancedDisplay = "InSeed,Seconds,bQueue"))
	int32 Act(const FString& Sentence, int32 InSeed = 0, float Seconds = 0.0f, bool bQueue = false);

	/** Ends what it acts, and what is queued. */
	UFUNCTION(BlueprintCallable, Category = "Motionwire")
	void StopActing();

	/** Whether the last pose was one of a sentence. */
	UFUNCTION(BlueprintPure, Category = "Motionwire")
	bool IsActing() const { return bActing; }

	/** 0..2 pi, 0 in the middle of the left foot's stance. */
	UFUNCTION(BlueprintPure, Category = "Motionwire")
	float GetGaitPhase() const { return GaitPhase; }

	/** 1 while that part of the foot stands: left heel, left toe, right heel, right toe. */
	UFUNCTION(BlueprintPure, Category = "Motionwire")
	TArray<float> GetContacts() const { return Contacts; }

	// Of the subsystem

	/** Row of the step: velocity, facing, gait in canonical axes. */
	void WriteInput(const UMotionwireSubsystem& Subsystem, float (&Row)[4]) const;
	/** Heights of the ground ahead and behind, m; false: they were not looked for, and are that of the ground where it stands. */
	bool WriteHeights(float (&Heights)[12]) const;
	void TakePose(UMotionwireSubsystem& Subsystem, const motionwire::PoseFrame& Frame, int32 Index);
	void TakeNotice(const motionwire::Notice& Notice);
	/** The world ends, and the session with it. */
	void Leave();
	/** Its actor came here from another world, as in seamless travel, where nothing begins or ends play. */
	void Arrive();
	/** The server does not want this character. */
	void TakeRefusedSpawn(const FString& Why);
	/** An act that nothing more is told of, if it is one of this component's. */
	void EndAct(int32 Act, const FString& Why);
	/** The server knows nothing of what was acted. */
	void LoseActs(const FString& Why);
	/** The server's skeleton and models may be other ones from now on. */
	void ForgetSkeleton();

	// UActorComponent
	virtual void OnRegister() override;
	virtual void BeginPlay() override;
	virtual void EndPlay(const EEndPlayReason::Type Reason) override;

private:
	UMotionwireSubsystem* GetSubsystem() const;
	/** Takes the character off the server; that it is wanted, and what it was asked to act, is remembered. */
	void Withdraw();
	/** Height of the actor's origin above its feet, cm. */
	double GetOriginHeight() const;
	/** Where the world's origin is, which games may shift; the server's places are as if it had never been. */
	FVector GetWorldOrigin() const;
	/** Height of the ground at a place of the world, cm; NaN: there is none. */
	double TraceGround(const FVector& At) const;
	/** The server's x, y, z and heading of an actor's place, whose ground that is from now on. */
	void TakePlace(const FVector& Location, float Yaw, double (&Transform)[4]);
	void MoveActor(const motionwire::PoseFrame& Frame, int32 Index);
	void PoseMesh(UMotionwireSubsystem& Subsystem);
	void Publish(UMotionwireSubsystem& Subsystem, const motionwire::PoseFrame& Frame, int32 Index);
	void Draw(const motionwire::PoseFrame& Frame, int32 Index) const;

	/** The pose that came last, in the core's types. */
	struct FPose;

	UPROPERTY(Transient)
	TObjectPtr<UPoseableMeshComponent> Mesh;

	TSharedPtr<FPose> Pose;
	TSharedPtr<FMotionwireRig> Rig;
	const void* RiggedAsset = nullptr;  // which one Rig is of; to be compared, not looked into
	TArray<FTransform> Bones;
	TArray<float> Contacts;
	FVector Move = FVector::ZeroVector;
	TOptional<float> Facing;
	FString WantedGait;
	mutable int32 GaitIndex = INDEX_NONE;  // of WantedGait in the server's model; none: not looked for yet
	TArray<int32> Acts;                    // asked for, and not over yet
	FName Published;                       // the subject that Live Link knows; none: none
	TWeakObjectPtr<UMotionwireSubsystem> Host;  // whose number Character is; weak, since nothing may hold on to a world that is left
	int32 Character = 0;                   // 0: not spawned
	uint32 Teleports = 0;                  // of this Character; poses of frames with fewer show the place before
	bool bWanted = false;                  // spawned by the game, and not despawned since
	double Ground = 0.0;                   // height under the character, cm, from the world's first origin
	float GaitPhase = 0.0f;
	bool bActing = false;
};
