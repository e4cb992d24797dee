// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "Subsystems/WorldSubsystem.h"
#include "MotionwireSubsystem.generated.h"

class FMotionwireConnection;
class FMotionwireGameSource;
class ILiveLinkSource;
class UMotionwireComponent;

namespace motionwire
{
	class Client;
	struct Input;
	struct Notice;
	struct PoseFrame;
	struct Skeleton;
}

DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(FMotionwireConnectionChanged, bool, bConnected, const FString&, Message);

/**
 * One session for all Motionwire components of a world. Each frame it sends one message for all of them and hands them the poses that came;
 * nothing it does waits for the network longer than the project settings' WaitMicroseconds.
 */
UCLASS()
class MOTIONWIRE_API UMotionwireSubsystem : public UTickableWorldSubsystem
{
	GENERATED_BODY()

public:
	/** The server was found, lost (the message says why) or found again. */
	UPROPERTY(BlueprintAssignable, Category = "Motionwire")
	FMotionwireConnectionChanged OnConnectionChanged;

	/** Whether there is a session with a server now. */
	UFUNCTION(BlueprintPure, Category = "Motionwire")
	bool IsConnected() const;

	/** Names of the models that the server offers. */
	UFUNCTION(BlueprintPure, Category = "Motionwire")
	TArray<FString> GetModels() const;

	/** Gaits of a model; empty name: of the first. */
	UFUNCTION(BlueprintPure, Category = "Motionwire")
	TArray<FString> GetGaits(const FString& Model) const;

	/** Poses that came too late to be shown, since the world began. */
	UFUNCTION(BlueprintPure, Category = "Motionwire")
	int64 GetDroppedPoses() const;

	// Of components

	/** The component's number from now on; it is spawned as soon as there is a server. Transform: metres and radians in canonical axes. */
	int32 Add(UMotionwireComponent& Component, const FString& Model, const double (&Transform)[4], int32 Seed);
	void Remove(int32 Character);

	/** A component whose actor came from another world, which may still put it elsewhere: it arrives with the next tick. */
	void Expect(UMotionwireComponent& Component);

	/** Connects with the first component that needs it. */
	motionwire::Client& GetClient();

	const motionwire::Skeleton& GetSkeleton() const;

	/** Index of a gait in a model; 0 where it has none of this name. */
	int32 FindGait(const FString& Model, const FString& Gait) const;

	/** The Live Link source through which components publish subjects, made with the first that does; null where Live Link is off. */
	FMotionwireGameSource* GetLiveLinkSource();

	/** Takes a subject off Live Link, if there is a source for it. */
	void Unpublish(FName Subject);

	// UTickableWorldSubsystem
	virtual void Deinitialize() override;
	virtual void Tick(float DeltaTime) override;
	virtual TStatId GetStatId() const override;

protected:
	virtual bool DoesSupportWorldType(const EWorldType::Type WorldType) const override;

private:
	void TakeNotices();
	/** Lock-step: one step for all components, and the poses of earlier ones. */
	void Step(float DeltaTime);
	/** The server keeps the time: input goes out, and what is shown is interpolated between the poses that came. */
	void Stream();
	/** What all components want, in arrays that live until the next call. False: there are none. */
	bool GatherInput(motionwire::Input& Input, bool& bDebug);
	void HandOut(const motionwire::PoseFrame& Frame);
	/** The frame that came is the answer to a step. */
	void HandOutAnswer();
	void TakeRefusal(const motionwire::Notice& Notice, const FString& Text);
	/** Null where there is none of this number. */
	UMotionwireComponent* Find(uint32 Character) const;
	/** All components now: what listeners do may change who there is. */
	TArray<UMotionwireComponent*> Everybody() const;

	/** What changes with each frame, in the core's types. */
	struct FState;

	TSharedPtr<FMotionwireConnection> Connection;
	TSharedPtr<FState> State;
	TSharedPtr<ILiveLinkSource> LiveLinkSource;

	UPROPERTY(Transient)
	TMap<int32, TObjectPtr<UMotionwireComponent>> Components;

	UPROPERTY(Transient)
	TArray<TObjectPtr<UMotionwireComponent>> Expected;

	int32 LastCharacter = 0;
};
