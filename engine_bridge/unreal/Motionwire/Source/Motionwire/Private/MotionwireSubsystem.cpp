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

namespace
{
	constexpr double StreamFps = 60.0;
	constexpr uint32 StreamCredit = 4;
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
			State->Buffer.Emplace(StreamFps);
			Connection->Get().subscribe(StreamFps, StreamCredit);
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
	bool bHeights = false;
	bDebug = false;
	for (const TPair<int32, TObjectPtr<UMotionwireComponent>>& Pair : Components)
	{
		const UMotionwireComponent& Component = *Pair.Value;
		float Row[4];
		float Heights[12];
		Component.WriteInput(*this, Row);
		bHeights |= Component.WriteHeights(Heights);
		bDebug |= Component.bDrawDebug;
		State->Characters.push_back(static_cast<uint32>(Pair.Key));
		State->Rows.insert(State->Rows.end(), Row, Row + 4);
		State->Heights.insert(State->Heights.end(), Heights, Heights + 12);
	}
	Input.characters = State->Characters.data();
	Input.count = static_cast<uint32>(State->Characters.size());
	Input.rows = State->Rows.data();
	Input.heights = bHeights ? State->Heights.data() : nullptr;
	return Input.count != 0;
}

void UMotionwireSubsystem::Step(float DeltaTime)
{
	motionwire::Client& Server = Connection->Get();
	while (Server.take_pose(State->Frame))
	{
		State->Answered = FMath::Max(State->Answered, State->Frame.seq);
		HandOut(State->Frame);
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
	State->Gathered = 0.0;
	const int32 Patience = FMath::Clamp(GetDefault<UMotionwireSettings>()->WaitMicroseconds, 0, 2000);
	if (Patience > 0 && Server.wait_pose(State->Frame, static_cast<uint32>(Patience)))
	{
		State->Answered = FMath::Max(State->Answered, State->Frame.seq);
		HandOut(State->Frame);
	}
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
	if (GatherInput(Input, bDebug))
	{
		Server.set_input(Input);
	}
	if (State->Buffer->sample(motionwire::steady_seconds(), State->Frame))
	{
		HandOut(State->Frame);
	}
}

void UMotionwireSubsystem::HandOut(const motionwire::PoseFrame& Frame)
{
	if (Frame.joints != State->Welcome.skeleton.size())
	{
		return;  // of a server that has gone
	}
	for (int32 Index = 0; Index < static_cast<int32>(Frame.characters.size()); ++Index)
	{
		if (const TObjectPtr<UMotionwireComponent>* Component = Components.Find(static_cast<int32>(Frame.characters[Index])))
		{
			(*Component)->TakePose(*this, Frame, Index);
		}
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
				for (const TPair<int32, TObjectPtr<UMotionwireComponent>>& Pair : Components)
				{
					Pair.Value->ForgetSkeleton();
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
			State->Answered = State->Sent;
			UE_LOG(LogMotionwire, Warning, TEXT("refused: %s: %s"), *Motionwire::ToEngine(Notice.code), *Text);
			break;
		default:
			if (const TObjectPtr<UMotionwireComponent>* Component = Components.Find(static_cast<int32>(Notice.character)))
			{
				(*Component)->TakeNotice(Notice);
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

TStatId UMotionwireSubsystem::GetStatId() const
{
	RETURN_QUICK_DECLARE_CYCLE_STAT(UMotionwireSubsystem, STATGROUP_Tickables);
}
