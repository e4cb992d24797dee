// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireLiveLinkSource.h"

#include "ILiveLinkClient.h"
#include "MotionwireCoreHeaders.h"
#include "MotionwireLiveLinkSourceSettings.h"
#include "MotionwireSettings.h"
#include "MotionwireStream.h"
#include "MotionwireSubject.h"

#include <algorithm>
#include <limits>

#define LOCTEXT_NAMESPACE "Motionwire"

namespace
{
	constexpr double MetresApart = 1.5;
}

struct FMotionwireLiveLinkSource::FState
{
	motionwire::Skeleton Skeleton;
	std::vector<std::string> Styles;
	uint32 Welcomes = 0;
	uint32 Characters = 0;
	std::vector<uint32> Refused;  // of these, whose spawn the server refused
	std::vector<uint32> Pushed;  // characters whose static data Live Link has
	motionwire::PoseFrame Frame;
	motionwire::Notice Notice;
	std::vector<motionwire::unreal::Transform> Pose;
	/** Engine seconds minus the server's, by the frame that came quickest; clocks run apart, so an early one is forgotten slowly. */
	double Offset = 0.0;
	double LastArrived = 0.0;
};

FMotionwireLiveLinkSource::FMotionwireLiveLinkSource(const FString& ConnectionString)
	: State(MakeUnique<FState>())
{
	Endpoint = GetDefault<UMotionwireSettings>()->GetEndpoint();
	FMotionwireEndpoint::Parse(ConnectionString, Endpoint);  // else that of the project settings
	Status = LOCTEXT("Connecting", "Connecting");
}

FMotionwireLiveLinkSource::~FMotionwireLiveLinkSource() = default;

void FMotionwireLiveLinkSource::ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid)
{
	Client = InClient;
	SourceGuid = InSourceGuid;
	Connection = MakeUnique<FMotionwireConnection>(Endpoint, TEXT("Unreal Live Link"));
	Connection->Get().subscribe(Motionwire::StreamFps, Motionwire::StreamCredit);
}

void FMotionwireLiveLinkSource::InitializeSettings(ULiveLinkSourceSettings* InSettings)
{
	if (const UMotionwireLiveLinkSourceSettings* Wanted = Cast<UMotionwireLiveLinkSourceSettings>(InSettings))
	{
		Apply(*Wanted);
	}
}

void FMotionwireLiveLinkSource::OnSettingsChanged(ULiveLinkSourceSettings* InSettings, const FPropertyChangedEvent& Change)
{
	const UMotionwireLiveLinkSourceSettings* Wanted = Cast<UMotionwireLiveLinkSourceSettings>(InSettings);
	if (Wanted != nullptr && Change.ChangeType != EPropertyChangeType::Interactive)
	{
		Apply(*Wanted);
	}
}

TSubclassOf<ULiveLinkSourceSettings> FMotionwireLiveLinkSource::GetSettingsClass() const
{
	return UMotionwireLiveLinkSourceSettings::StaticClass();
}

void FMotionwireLiveLinkSource::Apply(const UMotionwireLiveLinkSourceSettings& Wanted)
{
	if (!Connection)
	{
		return;
	}
	motionwire::Client& Server = Connection->Get();
	const uint32 Count = static_cast<uint32>(FMath::Clamp(Wanted.Characters, 1, 64));
	if (Subject != Wanted.SubjectName || State->Characters > Count)
	{
		for (const uint32 Character : State->Pushed)
		{
			Client->RemoveSubject_AnyThread(FLiveLinkSubjectKey(SourceGuid, SubjectName(Character)));
		}
		State->Pushed.clear();
		Subject = Wanted.SubjectName;
	}
	if (State->Characters != Count)
	{
		SpawnRefused();  // there may be room for them now
	}
	while (State->Characters < Count)
	{
		Spawn(++State->Characters);
	}
	for (; State->Characters > Count; --State->Characters)
	{
		Server.despawn(State->Characters);
	}
	const auto Style = std::find(State->Styles.begin(), State->Styles.end(), Motionwire::ToCore(Wanted.Gait));
	const motionwire::Vec3 Velocity = motionwire::unreal::canonical_position(Motionwire::ToCore(FVector(Wanted.Move.X, Wanted.Move.Y, 0.0)));
	std::vector<uint32> Characters;
	std::vector<float> Rows;
	bool bSaid = true;  // without a server it is said later, when one is found
	for (uint32 Character = 1; Character <= Count; ++Character)
	{
		if (std::find(State->Refused.begin(), State->Refused.end(), Character) != State->Refused.end())
		{
			continue;  // input that names a character that the server does not have is refused for all of them
		}
		Characters.push_back(Character);
		const float Gait = Style == State->Styles.end() ? 0.0f : static_cast<float>(Style - State->Styles.begin());
		Rows.insert(Rows.end(), { Velocity.x, Velocity.z, std::numeric_limits<float>::quiet_NaN(), Gait });
		if (Wanted.Sentence != LastSentence && !Wanted.Sentence.IsEmpty())
		{
			motionwire::Sentence Sentence;
			Sentence.text = Motionwire::ToCore(Wanted.Sentence);
			bSaid &= Server.act(Character, Sentence) != 0;
		}
	}
	if (bSaid)
	{
		LastSentence = Wanted.Sentence;
	}
	motionwire::Input Input;
	Input.characters = Characters.data();
	Input.count = static_cast<uint32>(Characters.size());
	Input.rows = Rows.data();
	if (Input.count != 0)
	{
		Server.set_input(Input);
	}
}

void FMotionwireLiveLinkSource::Spawn(uint32 Character)
{
	motionwire::Spawn Wanted;
	Wanted.character = Character;
	Wanted.transform[0] = MetresApart * (Character - 1);
	Connection->Get().spawn(Wanted);
}

void FMotionwireLiveLinkSource::SpawnRefused()
{
	for (const uint32 Character : State->Refused)
	{
		Spawn(Character);
	}
	State->Refused.clear();
}

void FMotionwireLiveLinkSource::ApplySettings()
{
	if (const UMotionwireLiveLinkSourceSettings* Wanted = Cast<UMotionwireLiveLinkSourceSettings>(Client->GetSourceSettings(SourceGuid)))
	{
		Apply(*Wanted);
	}
}

void FMotionwireLiveLinkSource::Update()
{
	if (!Connection)
	{
		return;
	}
	TakeNotices();
	TakePoses();
}

void FMotionwireLiveLinkSource::TakeNotices()
{
	motionwire::Client& Server = Connection->Get();
	while (Server.take_notice(State->Notice))
	{
		const FString Text = Motionwire::ToEngine(State->Notice.text);
		switch (State->Notice.kind)
		{
		case motionwire::NoticeKind::connected:
		case motionwire::NoticeKind::resumed:
		case motionwire::NoticeKind::restored:
			Status = LOCTEXT("Streaming", "Streaming");
			if (Server.welcomes() != State->Welcomes)
			{
				const motionwire::Welcome Welcome = Server.welcome();
				State->Welcomes = Server.welcomes();
				State->Skeleton = Welcome.skeleton;
				State->Styles = Welcome.models.empty() ? std::vector<std::string>() : Welcome.models[0].styles;
				State->Pushed.clear();
				State->Offset = TNumericLimits<double>::Max();
				SpawnRefused();
			}
			ApplySettings();  // a server that was restarted does not know the input
			break;
		case motionwire::NoticeKind::lost:
			Status = FText::FromString(Text);
			break;
		case motionwire::NoticeKind::refused:
			if (State->Notice.of == "spawn" && State->Notice.character != 0)  // 0: it was despawned meanwhile
			{
				State->Refused.push_back(State->Notice.character);
				ApplySettings();  // what was said with this character in it was refused
			}
			[[fallthrough]];
		case motionwire::NoticeKind::act_failed:
		case motionwire::NoticeKind::fault:
			UE_LOG(LogMotionwire, Warning, TEXT("Live Link: %s %s: %s"), *Motionwire::ToEngine(State->Notice.of), *Motionwire::ToEngine(State->Notice.code), *Text);
			break;
		default:
			break;
		}
	}
}

void FMotionwireLiveLinkSource::TakePoses()
{
	while (Connection->Get().take_pose(State->Frame))
	{
		const motionwire::PoseFrame& Frame = State->Frame;
		if (Connection->Get().welcomes() != State->Welcomes || Frame.joints != State->Skeleton.size())
		{
			continue;  // its welcome has not been looked at yet
		}
		// Live Link interpolates by the time at which a pose was made, not at which it came.
		const double Arrived = FPlatformTime::Seconds() - (motionwire::steady_seconds() - Frame.received);
		const double Drifted = motionwire::JitterBuffer::drift_per_s * FMath::Max(0.0, Arrived - State->LastArrived);
		State->Offset = FMath::Min(State->Offset + Drifted, Arrived - Frame.ts);
		State->LastArrived = Arrived;
		for (int32 Index = 0; Index < static_cast<int32>(Frame.characters.size()); ++Index)
		{
			const uint32 Character = Frame.characters[Index];
			if (Character > State->Characters)
			{
				continue;  // it was despawned; this frame was on its way
			}
			const FLiveLinkSubjectKey Key(SourceGuid, SubjectName(Character));
			if (std::find(State->Pushed.begin(), State->Pushed.end(), Character) == State->Pushed.end())
			{
				Motionwire::PushStatic(*Client, Key, State->Skeleton);
				State->Pushed.push_back(Character);
			}
			motionwire::unreal::local_transforms(State->Skeleton, Frame.pose(Index), State->Pose);
			Motionwire::PushFrame(*Client, Key, State->Skeleton, State->Pose, Frame, Index, Frame.ts + State->Offset);
		}
	}
}

FName FMotionwireLiveLinkSource::SubjectName(uint32 Character) const
{
	return FName(*FString::Printf(TEXT("%s_%u"), *Subject, Character));
}

bool FMotionwireLiveLinkSource::IsSourceStillValid() const
{
	return Connection && Connection->Get().state() == motionwire::State::open;
}

bool FMotionwireLiveLinkSource::RequestSourceShutdown()
{
	Connection.Reset();
	return true;
}

FText FMotionwireLiveLinkSource::GetSourceType() const
{
	return LOCTEXT("SourceType", "Motionwire");
}

FText FMotionwireLiveLinkSource::GetSourceMachineName() const
{
	return FText::FromString(Endpoint.ToString());
}

FText FMotionwireLiveLinkSource::GetSourceStatus() const
{
	return Status;
}

#undef LOCTEXT_NAMESPACE
