// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireLiveLinkSourceFactory.h"

#include "MotionwireConnection.h"
#include "MotionwireLiveLinkSource.h"
#include "MotionwireSettings.h"
#include "Widgets/Input/SButton.h"
#include "Widgets/Input/SEditableTextBox.h"
#include "Widgets/SBoxPanel.h"

#define LOCTEXT_NAMESPACE "Motionwire"

FText UMotionwireLiveLinkSourceFactory::GetSourceDisplayName() const
{
	return LOCTEXT("SourceName", "Motionwire");
}

FText UMotionwireLiveLinkSourceFactory::GetSourceTooltip() const
{
	return LOCTEXT("SourceTooltip", "Characters of a Motionwire server (`motionwire serve`)");
}

TSharedPtr<SWidget> UMotionwireLiveLinkSourceFactory::BuildCreationPanel(FOnLiveLinkSourceCreated OnLiveLinkSourceCreated) const
{
	const FString Address = GetDefault<UMotionwireSettings>()->GetEndpoint().ToString();
	const TSharedRef<SEditableTextBox> Box = SNew(SEditableTextBox).Text(FText::FromString(Address)).MinDesiredWidth(180.0f);
	return SNew(SHorizontalBox)
		+ SHorizontalBox::Slot().AutoWidth().Padding(4.0f)
		[
			Box
		]
		+ SHorizontalBox::Slot().AutoWidth().Padding(4.0f)
		[
			SNew(SButton)
			.Text(LOCTEXT("Create", "Create"))
			.OnClicked_Lambda([this, Box, OnLiveLinkSourceCreated]()
			{
				const FString Text = Box->GetText().ToString();
				FMotionwireEndpoint Endpoint;
				if (FMotionwireEndpoint::Parse(Text, Endpoint))
				{
					OnLiveLinkSourceCreated.ExecuteIfBound(CreateSource(Text), Text);
				}
				else
				{
					Box->SetError(LOCTEXT("NotAnAddress", "host:port, e.g. 127.0.0.1:5588"));
				}
				return FReply::Handled();
			})
		];
}

TSharedPtr<ILiveLinkSource> UMotionwireLiveLinkSourceFactory::CreateSource(const FString& ConnectionString) const
{
	return MakeShared<FMotionwireLiveLinkSource>(ConnectionString);
}

#undef LOCTEXT_NAMESPACE
