// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireSubsystem.h"

#include "Engine/World.h"
#include "Features/IModularFeatures.h"
#include "ILiveLinkClient.h"
#include "MotionwireComponent.h"
#include "MotionwireConnection.h"
#include "MotionwireCoreHeaders.h"
#include "MotionwireGameSource.h"
#include "MotionwireSettings.h"
#include "MotionwireStream.h"

namespace
{
	constexpr double LongestStep = 0.25;  // s, of the protocol
	constexpr uint64 MostInFlight = 3;    // steps without an answer, after which time is gathered instead of sent
}

struct UMotionwireSubsystem::FState
{
	motionwire::Welcome Welcome;
	uint32 Welcomes = 0;
	bool bConnected = false;
	double Gathered = 0.0;  // s that no step was sent for
	uint64 Sent = 0;        // seq of the last step
	uint64 Answered = 0;
	std::vector<uint32> Characters;
	std::vector<float> Rows;
	std::vector<float> Heights;
	bool bTraced = false;       // whether somebody's heights are those of traces
	bool bHeightsHeld = false;  // the server holds such ones
	motionwire::PoseFrame Frame;
	motionwire::Notice Notice;
	TOptional<motionwire::JitterBuffer> Buffer;  // where the server keeps the time
};

bool UMotionwireSubsystem::DoesSupportWorldType(const EWorldType::Type WorldType) const
{
	return WorldType == EWorldType::Game || WorldType == EWorldType::PIE;
}

motionwire::Client& UMotionwireSubsystem::GetClient()
{
	if (!Connection)
	{
		Connection = MakeShared<FMotionwireConnection>(GetDefault<UMotionwireSettings>()->GetEndpoint(), GetWorld()->GetName());
		State = MakeShared<FState>();
		if (GetDefault<UMotionwireSettings>()->bStream)
		{
			State->Buffer.Emplace(Motionwire::StreamFps);
			Connection->Get().subscribe(Motionwire::StreamFps, Motionwire::StreamCredit);
		}
	}
	return Connection->Get();
}

void UMotionwireSubsystem::Deinitialize()
{
	if (LiveLinkSource)
	{
		if (IModularFeatures::Get().IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
		{
			IModularFeatures::Get().GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName).RemoveSource(LiveLinkSource);
		}
		LiveLinkSource.Reset();
	}
	for (UMotionwireComponent* Component : Everybody())
	{
		Component->Leave();
	}
	Connection.Reset();
	Components.Empty();
	Super::Deinitialize();
}

int32 UMotionwireSubsystem::Add(UMotionwireComponent& Component, const FString& Model, const double (&Transform)[4], int32 Seed)
{
	const int32 Character = ++LastCharacter;
	Components.Add(Character, &Component);
	motionwire::Spawn Spawn;
	Spawn.character = static_cast<uint32>(Character);
	Spawn.model = Motionwire::ToCore(Model);
	Spawn.seed = static_cast<uint32>(Seed);
	for (int32 Index = 0; Index < 4; ++Index)
	{
		Spawn.transform[Index] = Transform[Index];
	}
	GetClient().spawn(Spawn);
	return Character;
}

void UMotionwireSubsystem::Expect(UMotionwireComponent& Component)
{
	Expected.Add(&Component);
}

void UMotionwireSubsystem::Remove(int32 Character)
{
	if (Components.Remove(Character) > 0 && Connection)
	{
		Connection->Get().despawn(static_cast<uint32>(Character));
	}
}

void UMotionwireSubsystem::Tick(float DeltaTime)
{
	Super::Tick(DeltaTime);
	// Only now do they stand where the game has put them.
	const TArray<TObjectPtr<UMotionwireComponent>> Arrived = MoveTemp(Expected);
	for (const TObjectPtr<UMotionwireComponent>& Component : Arrived)
	{
		if (Component != nullptr)
		{
			Component->Arrive();
		}
	}
	if (!Connection)
	{
		return;
	}
	TakeNotices();
	if (State->Buffer.IsSet())
	{
		Stream();
	}
	else
	{
		Step(DeltaTime);
	}
}

bool UMotionwireSubsystem::GatherInput(motionwire::Input& Input, bool& bDebug)
{
	State->Characters.clear();
	State->Rows.clear();
	State->Heights.clear();
	State->bTraced = false;
	bDebug = false;
	for (const TPair<int32, TObjectPtr<UMotionwireComponent>>& Pair : Components)
	{
		if (Pair.Value == nullptr)
		{
			continue;  // destroyed before it began to play, so that nothing said that it ended
		}
		const UMotionwireComponent& Component = *Pair.Value;
		float Row[4];
		float Heights[12];
		Component.WriteInput(*this, Row);
		State->bTraced |= Component.WriteHeights(Heights);
		bDebug |= Component.bDrawDebug;
		State->Characters.push_back(static_cast<uint32>(Pair.Key));
		State->Rows.insert(State->Rows.end(), Row, Row + 4);
		State->Heights.insert(State->Heights.end(), Heights, Heights + 12);
	}
	Input.characters = State->Characters.data();
	Input.count = static_cast<uint32>(State->Characters.size());
	Input.rows = State->Rows.data();
	Input.heights = State->bTraced || State->bHeightsHeld ? State->Heights.data() : nullptr;
	return Input.count != 0;
}

void UMotionwireSubsystem::Step(float DeltaTime)
{
	motionwire::Client& Server = Connection->Get();
	while (Server.take_pose(State->Frame))
	{
		HandOutAnswer();
	}
	State->Gathered = FMath::Min(State->Gathered + DeltaTime, LongestStep);
	motionwire::Input Input;
	bool bDebug = false;
	if (State->Sent - State->Answered >= MostInFlight || !GatherInput(Input, bDebug))
	{
		return;
	}
	const uint64 Seq = Server.step(Input, State->Gathered, bDebug);
	if (Seq == 0)
	{
		return;
	}
	State->Sent = Seq;
	State->bHeightsHeld = State->bTraced;
	State->Gathered = 0.0;
	const int32 Patience = FMath::Clamp(GetDefault<UMotionwireSettings>()->WaitMicroseconds, 0, 2000);
	if (Patience > 0 && Server.wait_pose(State->Frame, static_cast<uint32>(Patience)))
	{
		HandOutAnswer();
	}
}

void UMotionwireSubsystem::HandOutAnswer()
{
	State->Answered = FMath::Max(State->Answered, FMath::Min(State->Frame.seq, State->Sent));
	HandOut(State->Frame);
}

void UMotionwireSubsystem::Stream()
{
	motionwire::Client& Server = Connection->Get();
	while (Server.take_pose(State->Frame))
	{
		State->Buffer->push(State->Frame);
	}
	motionwire::Input Input;
	bool bDebug = false;
	if (GatherInput(Input, bDebug) && Server.set_input(Input))
	{
		State->bHeightsHeld = State->bTraced;
	}
	if (State->Buffer->sample(motionwire::steady_seconds(), State->Frame))
	{
		HandOut(State->Frame);
	}
}

void UMotionwireSubsystem::HandOut(const motionwire::PoseFrame& Frame)
{
	if (Connection->Get().welcomes() != State->Welcomes || Frame.joints != State->Welcome.skeleton.size())
	{
		return;  // of a server that has gone, or of one whose welcome has not been looked at
	}
	for (int32 Index = 0; Index < static_cast<int32>(Frame.characters.size()); ++Index)
	{
		if (UMotionwireComponent* Component = Find(Frame.characters[Index]))
		{
			Component->TakePose(*this, Frame, Index);
		}
	}
}

UMotionwireComponent* UMotionwireSubsystem::Find(uint32 Character) const
{
	const TObjectPtr<UMotionwireComponent>* Found = Components.Find(static_cast<int32>(Character));
	return Found != nullptr ? Found->Get() : nullptr;
}

TArray<UMotionwireComponent*> UMotionwireSubsystem::Everybody() const
{
	TArray<UMotionwireComponent*> All;
	for (const TPair<int32, TObjectPtr<UMotionwireComponent>>& Pair : Components)
	{
		if (Pair.Value != nullptr)
		{
			All.Add(Pair.Value.Get());
		}
	}
	return All;
}

void UMotionwireSubsystem::TakeRefusal(const motionwire::Notice& Notice, const FString& Text)
{
	UE_LOG(LogMotionwire, Warning, TEXT("the server refuses %s: %s: %s"), *Motionwire::ToEngine(Notice.of), *Motionwire::ToEngine(Notice.code), *Text);
	if (Notice.of == "spawn")
	{
		// Steps that name a character that the server does not have would be refused for all of them.
		if (UMotionwireComponent* Component = Find(Notice.character))
		{
			Components.Remove(static_cast<int32>(Notice.character));
			Component->TakeRefusedSpawn(Text);
		}
	}
	else if (Notice.of == "act")
	{
		for (UMotionwireComponent* Component : Everybody())
		{
			Component->EndAct(static_cast<int32>(Notice.ref), Text);
		}
	}
	else
	{
		State->Answered = State->Sent;  // a step, or messages that were dropped for their rate
	}
}

void UMotionwireSubsystem::TakeNotices()
{
	using motionwire::NoticeKind;
	motionwire::Client& Server = Connection->Get();
	while (Server.take_notice(State->Notice))
	{
		const motionwire::Notice& Notice = State->Notice;
		const FString Text = Motionwire::ToEngine(Notice.text);
		switch (Notice.kind)
		{
		case NoticeKind::connected:
		case NoticeKind::resumed:
		case NoticeKind::restored:
			if (Server.welcomes() != State->Welcomes)
			{
				State->Welcome = Server.welcome();
				State->Welcomes = Server.welcomes();
				for (UMotionwireComponent* Component : Everybody())
				{
					Component->ForgetSkeleton();
				}
			}
			State->Answered = State->Sent;  // what was under way is lost
			State->bConnected = true;
			UE_LOG(LogMotionwire, Log, TEXT("%s: %s"), Notice.kind == NoticeKind::resumed ? TEXT("resumed") : TEXT("connected"), *Text);
			OnConnectionChanged.Broadcast(true, Text);
			break;
		case NoticeKind::lost:
			State->bConnected = false;
			UE_LOG(LogMotionwire, Warning, TEXT("%s"), *Text);
			OnConnectionChanged.Broadcast(false, Text);
			break;
		case NoticeKind::refused:
			TakeRefusal(Notice, Text);
			break;
		default:
			if (UMotionwireComponent* Component = Find(Notice.character))
			{
				Component->TakeNotice(Notice);
			}
			break;
		}
	}
}

bool UMotionwireSubsystem::IsConnected() const
{
	return State && State->bConnected;
}

TArray<FString> UMotionwireSubsystem::GetModels() const
{
	TArray<FString> Names;
	if (State)
	{
		for (const motionwire::Model& Model : State->Welcome.models)
		{
			Names.Add(Motionwire::ToEngine(Model.name));
		}
	}
	return Names;
}

TArray<FString> UMotionwireSubsystem::GetGaits(const FString& Model) const
{
	TArray<FString> Names;
	if (State)
	{
		for (const motionwire::Model& Offered : State->Welcome.models)
		{
			if (Model.IsEmpty() || Offered.name == Motionwire::ToCore(Model))
			{
				for (const std::string& Style : Offered.styles)
				{
					Names.Add(Motionwire::ToEngine(Style));
				}
				break;
			}
		}
	}
	return Names;
}

int32 UMotionwireSubsystem::FindGait(const FString& Model, const FString& Gait) const
{
	return Gait.IsEmpty() ? 0 : FMath::Max(0, GetGaits(Model).Find(Gait));
}

int64 UMotionwireSubsystem::GetDroppedPoses() const
{
	return Connection ? static_cast<int64>(Connection->Get().dropped_poses()) : 0;
}

const motionwire::Skeleton& UMotionwireSubsystem::GetSkeleton() const
{
	return State->Welcome.skeleton;
}

FMotionwireGameSource* UMotionwireSubsystem::GetLiveLinkSource()
{
	if (!LiveLinkSource && IModularFeatures::Get().IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
	{
		LiveLinkSource = MakeShared<FMotionwireGameSource>();
		IModularFeatures::Get().GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName).AddSource(LiveLinkSource);
	}
	return static_cast<FMotionwireGameSource*>(LiveLinkSource.Get());
}

void UMotionwireSubsystem::Unpublish(FName Subject)
{
	const FMotionwireGameSource* Source = static_cast<const FMotionwireGameSource*>(LiveLinkSource.Get());
	if (Source != nullptr && Source->GetLiveLink() != nullptr)
	{
		Source->GetLiveLink()->RemoveSubject_AnyThread(Source->KeyOf(Subject));
	}
}

TStatId UMotionwireSubsystem::GetStatId() const
{
	RETURN_QUICK_DECLARE_CYCLE_STAT(UMotionwireSubsystem, STATGROUP_Tickables);
}
