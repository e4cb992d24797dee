// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "UObject/StrongObjectPtr.h"
#include "Widgets/SCompoundWidget.h"

class FMotionwireConnection;
class SEditableTextBox;
class SMultiLineEditableTextBox;
class UMotionwireRetargetTable;
class USkeletalMesh;
struct FAssetData;

/** The window that bakes a sentence to an AnimSequence. */
class SMotionwireBaker final : public SCompoundWidget
{
public:
	SLATE_BEGIN_ARGS(SMotionwireBaker) {}
	SLATE_END_ARGS()

	SMotionwireBaker();
	virtual ~SMotionwireBaker() override;

	void Construct(const FArguments& InArgs);

private:
	FReply OnBake();
	FReply OnCancel();
	/** Looks what the server sent; each frame while a clip is made. */
	EActiveTimerReturnType Poll(double Time, float DeltaTime);
	void Finish(uint32 Number);
	void Say(const FText& Text);
	bool IsBusy() const { return Request != 0; }

	FString MeshPath() const;
	FString TablePath() const;
	void OnMesh(const FAssetData& Asset);
	void OnTable(const FAssetData& Asset);
	TSharedRef<SWidget> Row(const FText& Label, const TSharedRef<SWidget>& Widget) const;

	TUniquePtr<FMotionwireConnection> Connection;
	FString ConnectedTo;  // address and token that Connection was made for
	TStrongObjectPtr<USkeletalMesh> Mesh;
	TStrongObjectPtr<UMotionwireRetargetTable> Table;
	TSharedPtr<SMultiLineEditableTextBox> Sentence;
	TSharedPtr<SEditableTextBox> Package;
	FText Status;
	float Seconds = 0.0f;
	int32 Seed = 0;
	bool bRootMotion = true;
	bool bWaiting = false;  // for a server, with a sentence to send
	uint32 Request = 0;     // the clip that is made; 0: none
};
