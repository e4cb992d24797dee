// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "SMotionwireBaker.h"

#include "Animation/AnimSequence.h"
#include "AssetRegistry/AssetData.h"
#include "Editor.h"
#include "Engine/SkeletalMesh.h"
#include "MotionwireBake.h"
#include "MotionwireConnection.h"
#include "MotionwireCoreHeaders.h"
#include "MotionwireRetargetTable.h"
#include "MotionwireSettings.h"
#include "PropertyCustomizationHelpers.h"
#include "Subsystems/AssetEditorSubsystem.h"
#include "Widgets/Input/SButton.h"
#include "Widgets/Input/SCheckBox.h"
#include "Widgets/Input/SEditableTextBox.h"
#include "Widgets/Input/SMultiLineEditableTextBox.h"
#include "Widgets/Input/SSpinBox.h"
#include "Widgets/SBoxPanel.h"
#include "Widgets/Text/STextBlock.h"

#define LOCTEXT_NAMESPACE "MotionwireBaker"

void SMotionwireBaker::Construct(const FArguments& InArgs)
{
	Status = FText::Format(LOCTEXT("Ready", "Server: {0}"), FText::FromString(GetDefault<UMotionwireSettings>()->GetEndpoint().ToString()));
	ChildSlot
	[
		SNew(SVerticalBox)
		+ SVerticalBox::Slot().AutoHeight().Padding(8.0f)
		[
			SAssignNew(Sentence, SMultiLineEditableTextBox)
			.HintText(LOCTEXT("Hint", "a person waves with the right hand"))
		]
		+ SVerticalBox::Slot().AutoHeight()
		[
			Row(LOCTEXT("Mesh", "Skeletal mesh"),
				SNew(SObjectPropertyEntryBox)
				.AllowedClass(USkeletalMesh::StaticClass())
				.ObjectPath(this, &SMotionwireBaker::MeshPath)
				.OnObjectChanged(this, &SMotionwireBaker::OnMesh))
		]
		+ SVerticalBox::Slot().AutoHeight()
		[
			Row(LOCTEXT("Table", "Retarget table (none: UE5 Mannequin)"),
				SNew(SObjectPropertyEntryBox)
				.AllowedClass(UMotionwireRetargetTable::StaticClass())
				.ObjectPath(this, &SMotionwireBaker::TablePath)
				.OnObjectChanged(this, &SMotionwireBaker::OnTable))
		]
		+ SVerticalBox::Slot().AutoHeight()
		[
			Row(LOCTEXT("Seconds", "Seconds (0: the model decides)"),
				SNew(SSpinBox<float>)
				.MinValue(0.0f)
				.MaxValue(27.0f)
				.Value_Lambda([this]() { return Seconds; })
				.OnValueChanged_Lambda([this](float Value) { Seconds = Value; }))
		]
		+ SVerticalBox::Slot().AutoHeight()
		[
			Row(LOCTEXT("Seed", "Seed"),
				SNew(SSpinBox<int32>)
				.MinValue(0)
				.MaxValue(1000000)
				.Value_Lambda([this]() { return Seed; })
				.OnValueChanged_Lambda([this](int32 Value) { Seed = Value; }))
		]
		+ SVerticalBox::Slot().AutoHeight()
		[
			Row(LOCTEXT("RootMotion", "Root motion"),
				SNew(SCheckBox)
				.IsChecked_Lambda([this]() { return bRootMotion ? ECheckBoxState::Checked : ECheckBoxState::Unchecked; })
				.OnCheckStateChanged_Lambda([this](ECheckBoxState State) { bRootMotion = State == ECheckBoxState::Checked; }))
		]
		+ SVerticalBox::Slot().AutoHeight()
		[
			Row(LOCTEXT("Package", "Save as"), SAssignNew(Package, SEditableTextBox).Text(FText::FromString(TEXT("/Game/Motionwire/A_Sentence"))))
		]
		+ SVerticalBox::Slot().AutoHeight().Padding(8.0f)
		[
			SNew(SHorizontalBox)
			+ SHorizontalBox::Slot().AutoWidth()
			[
				SNew(SButton)
				.Text(LOCTEXT("Bake", "Bake"))
				.IsEnabled_Lambda([this]() { return !IsBusy() && !bWaiting && Mesh.IsValid(); })
				.OnClicked(this, &SMotionwireBaker::OnBake)
			]
			+ SHorizontalBox::Slot().AutoWidth().Padding(8.0f, 0.0f)
			[
				SNew(SButton)
				.Text(LOCTEXT("Cancel", "Cancel"))
				.IsEnabled_Lambda([this]() { return IsBusy() || bWaiting; })
				.OnClicked(this, &SMotionwireBaker::OnCancel)
			]
		]
		+ SVerticalBox::Slot().AutoHeight().Padding(8.0f)
		[
			SNew(STextBlock)
			.AutoWrapText(true)
			.Text_Lambda([this]() { return Status; })
		]
	];
}

SMotionwireBaker::SMotionwireBaker() = default;

SMotionwireBaker::~SMotionwireBaker() = default;

TSharedRef<SWidget> SMotionwireBaker::Row(const FText& Label, const TSharedRef<SWidget>& Widget) const
{
	return SNew(SHorizontalBox)
		+ SHorizontalBox::Slot().FillWidth(0.4f).Padding(8.0f, 2.0f)
		[
			SNew(STextBlock).Text(Label)
		]
		+ SHorizontalBox::Slot().FillWidth(0.6f).Padding(8.0f, 2.0f)
		[
			Widget
		];
}

FReply SMotionwireBaker::OnBake()
{
	const FString Text = Sentence->GetText().ToString().TrimStartAndEnd();
	if (Text.IsEmpty() || Text.Len() > static_cast<int32>(motionwire::longest_sentence))
	{
		Say(FText::Format(LOCTEXT("Length", "A sentence has 1 to {0} characters"), FText::AsNumber(static_cast<int32>(motionwire::longest_sentence))));
		return FReply::Handled();
	}
	const FMotionwireEndpoint Endpoint = GetDefault<UMotionwireSettings>()->GetEndpoint();
	const FString Wanted = Endpoint.ToString() + Endpoint.Token;
	if (!Connection || ConnectedTo != Wanted)  // the project settings may have been corrected since
	{
		Connection = MakeUnique<FMotionwireConnection>(Endpoint, TEXT("Unreal editor"));
		ConnectedTo = Wanted;
	}
	bWaiting = true;
	Say(LOCTEXT("Connecting", "Connecting"));
	RegisterActiveTimer(0.0f, FWidgetActiveTimerDelegate::CreateSP(this, &SMotionwireBaker::Poll));
	return FReply::Handled();
}

FReply SMotionwireBaker::OnCancel()
{
	if (Connection && Request != 0)
	{
		Connection->Get().cancel(Request);
	}
	Request = 0;
	bWaiting = false;
	Say(LOCTEXT("Cancelled", "Cancelled"));
	return FReply::Handled();
}

EActiveTimerReturnType SMotionwireBaker::Poll(double Time, float DeltaTime)
{
	motionwire::Client& Server = Connection->Get();
	if (bWaiting && Server.state() == motionwire::State::open)
	{
		const uint32 Frames = static_cast<uint32>(FMath::CeilToInt32(Seconds * 30.0f));
		Request = Server.generate(Motionwire::ToCore(Sentence->GetText().ToString().TrimStartAndEnd()), Frames, static_cast<uint32>(Seed));
		bWaiting = Request == 0;
	}
	motionwire::Notice Notice;
	while (Server.take_notice(Notice))
	{
		const FText Text = FText::FromString(Motionwire::ToEngine(Notice.text));
		const bool bOurs = Request != 0 && Notice.ref == Request;
		if (Notice.kind == motionwire::NoticeKind::lost)
		{
			Say(Text);
		}
		else if (bOurs && Notice.kind == motionwire::NoticeKind::clip_progress)
		{
			Say(FText::Format(LOCTEXT("Frames", "{0} frames"), FText::AsNumber(Notice.frames)));
		}
		else if (bOurs && Notice.kind == motionwire::NoticeKind::clip_failed)
		{
			Request = 0;
			Say(Text);
		}
		else if (bOurs && Notice.kind == motionwire::NoticeKind::clip_done)
		{
			Request = 0;
			Finish(Notice.ref);
		}
	}
	return IsBusy() || bWaiting ? EActiveTimerReturnType::Continue : EActiveTimerReturnType::Stop;
}

void SMotionwireBaker::Finish(uint32 Number)
{
	motionwire::Clip Clip;
	if (!Connection->Get().take_clip(Number, Clip) || !Mesh.IsValid())
	{
		return;
	}
	motionwire::Skeleton Skeleton = Connection->Get().welcome().skeleton;
	if (Skeleton.size() != Clip.joints)
	{
		Say(LOCTEXT("Joints", "The clip has other joints than the server's skeleton"));
		return;
	}
	Skeleton.offsets = Clip.offsets;  // a clip has the bone lengths of its own model
	FText Error;
	UAnimSequence* Sequence = Motionwire::Bake(Clip, Skeleton, *Mesh, Table.Get(), Package->GetText().ToString(), bRootMotion, Error);
	if (Sequence == nullptr)
	{
		Say(Error);
		return;
	}
	Say(FText::Format(LOCTEXT("Made", "{0}: {1} frames; save it in the Content Browser"), FText::FromString(Sequence->GetPathName()), FText::AsNumber(Clip.frames)));
	GEditor->GetEditorSubsystem<UAssetEditorSubsystem>()->OpenEditorForAsset(Sequence);
}

void SMotionwireBaker::Say(const FText& Text)
{
	Status = Text;
}

FString SMotionwireBaker::MeshPath() const
{
	return Mesh.IsValid() ? Mesh->GetPathName() : FString();
}

FString SMotionwireBaker::TablePath() const
{
	return Table.IsValid() ? Table->GetPathName() : FString();
}

void SMotionwireBaker::OnMesh(const FAssetData& Asset)
{
	Mesh.Reset(Cast<USkeletalMesh>(Asset.GetAsset()));
}

void SMotionwireBaker::OnTable(const FAssetData& Asset)
{
	Table.Reset(Cast<UMotionwireRetargetTable>(Asset.GetAsset()));
}

#undef LOCTEXT_NAMESPACE
