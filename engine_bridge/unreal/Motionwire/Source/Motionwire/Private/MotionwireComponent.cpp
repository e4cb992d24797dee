// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireComponent.h"

#include "Components/CapsuleComponent.h"
#include "Components/PoseableMeshComponent.h"
#include "CollisionQueryParams.h"
#include "DrawDebugHelpers.h"
#include "Engine/HitResult.h"
#include "Engine/SkinnedAsset.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "ILiveLinkClient.h"
#include "MotionwireConnection.h"
#include "MotionwireCoreHeaders.h"
#include "MotionwireGameSource.h"
#include "MotionwireRetargetTable.h"
#include "MotionwireRig.h"
#include "MotionwireSubject.h"
#include "MotionwireSubsystem.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace
{
	constexpr float CmPerM = motionwire::unreal::cm_per_m;
	constexpr int32 PlaceOfNow = 5;          // among the twelve places of a path
	constexpr double PlacesPerSecond = 6.0;
	constexpr double TraceUp = 100.0;        // cm above the character's ground
	constexpr double TraceDown = 200.0;
}

struct UMotionwireComponent::FPose
{
	std::vector<motionwire::unreal::Transform> Local;  // the root in the space of where the character stands
	std::vector<motionwire::unreal::Transform> World;
	motionwire::unreal::Transform Standing;
};

UMotionwireComponent::UMotionwireComponent()
{
	PrimaryComponentTick.bCanEverTick = false;  // the subsystem hands poses out
	Pose = MakeShared<FPose>();
	Contacts.Init(0.0f, 4);
}

UMotionwireSubsystem* UMotionwireComponent::GetSubsystem() const
{
	const UWorld* World = GetWorld();
	return World != nullptr ? World->GetSubsystem<UMotionwireSubsystem>() : nullptr;
}

void UMotionwireComponent::BeginPlay()
{
	Super::BeginPlay();
	if (bSpawnOnBeginPlay)
	{
		Spawn();
	}
}

void UMotionwireComponent::OnRegister()
{
	Super::OnRegister();
	UMotionwireSubsystem* const Here = GetSubsystem();
	if (bWanted && Here != nullptr && Here != Host.Get())  // registered anew in its own world, it goes on as if nothing had been
	{
		Withdraw();
		Host = Here;
		Here->Expect(*this);
	}
}

void UMotionwireComponent::EndPlay(const EEndPlayReason::Type Reason)
{
	Despawn();
	Super::EndPlay(Reason);
}

double UMotionwireComponent::GetOriginHeight() const
{
	const UCapsuleComponent* Capsule = Cast<UCapsuleComponent>(GetOwner()->GetRootComponent());
	return Capsule != nullptr ? Capsule->GetScaledCapsuleHalfHeight() : 0.0;
}

FVector UMotionwireComponent::GetWorldOrigin() const
{
	const UWorld* World = GetWorld();
	return World != nullptr ? FVector(World->OriginLocation) : FVector::ZeroVector;
}

void UMotionwireComponent::Spawn()
{
	UMotionwireSubsystem* Subsystem = GetSubsystem();
	if (Character != 0 || Subsystem == nullptr || GetWorld()->bIsTearingDown)
	{
		return;
	}
	bWanted = true;
	Host = Subsystem;
	Mesh = GetOwner()->FindComponentByClass<UPoseableMeshComponent>();
	double Transform[4];
	TakePlace(GetOwner()->GetActorLocation(), static_cast<float>(GetOwner()->GetActorRotation().Yaw), Transform);
	Character = Subsystem->Add(*this, Model, Transform, Seed);
	Teleports = 0;
}

void UMotionwireComponent::TakePlace(const FVector& Location, float Yaw, double (&Transform)[4])
{
	const FVector FromOrigin = Location + GetWorldOrigin();
	Ground = FromOrigin.Z - GetOriginHeight();
	const motionwire::Vec3 Place = motionwire::unreal::canonical_position(Motionwire::ToCore(FVector(FromOrigin.X, FromOrigin.Y, Ground)));
	const double Values[4] = { Place.x, Place.y, Place.z, motionwire::unreal::heading_of_yaw(FMath::DegreesToRadians(Yaw)) };
	std::copy(std::begin(Values), std::end(Values), std::begin(Transform));
}

void UMotionwireComponent::Teleport(FVector Location, float Yaw)
{
	if (Location.ContainsNaN() || FMath::IsNaN(Yaw))
	{
		return;
	}
	UMotionwireSubsystem* const Subsystem = Host.Get();
	if (Subsystem != nullptr && Character != 0)  // else it is spawned where the actor stands then
	{
		double Transform[4];
		TakePlace(Location, Yaw, Transform);
		const float Root[3] = { static_cast<float>(Transform[0]), static_cast<float>(Transform[2]), static_cast<float>(Transform[3]) };
		Pose->Standing = motionwire::unreal::standing(Root, static_cast<float>(Transform[1]));  // where the ground is traced next
		Teleports = Subsystem->GetClient().teleport(static_cast<uint32>(Character), Transform);
		if (Teleports == 0)
		{
			Subsystem->Remove(Character);
			Character = Subsystem->Add(*this, Model, Transform, Seed);
			LoseActs(TEXT("the server is older than protocol 1.3: the character was spawned anew"));
		}
	}
	if (bMoveActor)  // last: what it overlaps there may teleport it on
	{
		GetOwner()->SetActorLocationAndRotation(Location, FRotator(0.0, Yaw, 0.0), false, nullptr, ETeleportType::TeleportPhysics);
	}
}

void UMotionwireComponent::Despawn()
{
	bWanted = false;
	Acts.Empty();
	Withdraw();
}

void UMotionwireComponent::Withdraw()
{
	if (UMotionwireSubsystem* const Subsystem = Host.Get(); Subsystem != nullptr && Character != 0)
	{
		Subsystem->Remove(Character);
		if (!Published.IsNone())
		{
			Subsystem->Unpublish(Published);
		}
	}
	Leave();
}

void UMotionwireComponent::Leave()
{
	Character = 0;
	bActing = false;
	ForgetSkeleton();
}

void UMotionwireComponent::Arrive()
{
	if (bWanted)
	{
		Spawn();
		LoseActs(TEXT("the actor went to another world"));
	}
}

void UMotionwireComponent::ForgetSkeleton()
{
	Published = FName();  // bones are pushed anew
	Rig.Reset();
	GaitIndex = INDEX_NONE;
}

void UMotionwireComponent::SetMove(FVector Velocity)
{
	Move = Velocity.ContainsNaN() ? FVector::ZeroVector : Velocity;
}

void UMotionwireComponent::SetFacing(float Yaw)
{
	Facing = Yaw;
}

void UMotionwireComponent::ClearFacing()
{
	Facing.Reset();
}

void UMotionwireComponent::SetGait(const FString& Gait)
{
	WantedGait = Gait;
	GaitIndex = INDEX_NONE;
}

int32 UMotionwireComponent::Act(const FString& Sentence, int32 InSeed, float Seconds, bool bQueue)
{
	UMotionwireSubsystem* Subsystem = GetSubsystem();
	if (Subsystem == nullptr || Character == 0 || Sentence.IsEmpty() || Sentence.Len() > static_cast<int32>(motionwire::longest_sentence))
	{
		return 0;
	}
	motionwire::Sentence Wanted;
	Wanted.text = Motionwire::ToCore(Sentence);
	Wanted.seed = static_cast<uint32>(InSeed);
	Wanted.seconds = FMath::Clamp(Seconds, 0.0f, 60.0f);
	Wanted.queue = bQueue;
	const int32 Act = static_cast<int32>(Subsystem->GetClient().act(static_cast<uint32>(Character), Wanted));
	if (Act != 0)
	{
		Acts.Add(Act);
	}
	return Act;
}

void UMotionwireComponent::EndAct(int32 Act, const FString& Why)
{
	if (Acts.Remove(Act) > 0)
	{
		OnActFailed.Broadcast(Act, Why);
	}
}

void UMotionwireComponent::LoseActs(const FString& Why)
{
	const TArray<int32> Lost = Acts;  // listeners may ask for others
	for (const int32 Act : Lost)
	{
		EndAct(Act, Why);
	}
}

void UMotionwireComponent::TakeRefusedSpawn(const FString& Why)
{
	UE_LOG(LogMotionwire, Error, TEXT("%s has no character: %s"), *GetOwner()->GetName(), *Why);
	Character = 0;
	LoseActs(Why);
}

void UMotionwireComponent::StopActing()
{
	if (UMotionwireSubsystem* Subsystem = GetSubsystem(); Subsystem != nullptr && Character != 0)
	{
		Subsystem->GetClient().stop_acting(static_cast<uint32>(Character));
	}
}

void UMotionwireComponent::WriteInput(const UMotionwireSubsystem& Subsystem, float (&Row)[4]) const
{
	const motionwire::Vec3 Velocity = motionwire::unreal::canonical_position(Motionwire::ToCore(Move));
	Row[0] = Velocity.x;
	Row[1] = Velocity.z;
	Row[2] = Facing.IsSet() ? motionwire::unreal::heading_of_yaw(FMath::DegreesToRadians(Facing.GetValue())) : std::numeric_limits<float>::quiet_NaN();
	if (GaitIndex == INDEX_NONE)
	{
		GaitIndex = Subsystem.FindGait(Model, WantedGait);
	}
	Row[3] = static_cast<float>(GaitIndex);
}

double UMotionwireComponent::TraceGround(const FVector& At) const
{
	const FCollisionQueryParams Query(SCENE_QUERY_STAT(MotionwireGround), false, GetOwner());
	FHitResult Hit;
	const bool bHit = GetWorld()->LineTraceSingleByChannel(Hit, At + FVector(0.0, 0.0, TraceUp), At - FVector(0.0, 0.0, TraceDown), GroundChannel, Query);
	return bHit ? Hit.ImpactPoint.Z : std::numeric_limits<double>::quiet_NaN();
}

bool UMotionwireComponent::WriteHeights(float (&Heights)[12]) const
{
	for (float& Height : Heights)
	{
		Height = static_cast<float>(Ground / CmPerM);
	}
	if (!bTraceGround || GetWorld() == nullptr || Pose->Local.empty())
	{
		return false;
	}
	const FVector Origin = GetWorldOrigin();
	const FVector Here = Motionwire::ToEngine(Pose->Standing.translation) - Origin;
	for (int32 Place = 0; Place < 12; ++Place)
	{
		const FVector At = Here + FVector(Move.X, Move.Y, 0.0) * ((Place - PlaceOfNow) / PlacesPerSecond);
		Heights[Place] = static_cast<float>((TraceGround(At) + Origin.Z) / CmPerM);
	}
	return true;
}

void UMotionwireComponent::TakePose(UMotionwireSubsystem& Subsystem, const motionwire::PoseFrame& Frame, int32 Index)
{
	if (Frame.teleports[Index] != Teleports)
	{
		return;  // where it was before
	}
	const motionwire::Skeleton& Skeleton = Subsystem.GetSkeleton();
	const float* const Root = &Frame.root[3 * Index];
	if (bTraceGround && GetWorld() != nullptr)
	{
		const FVector Origin = GetWorldOrigin();
		const FVector At = Motionwire::ToEngine(motionwire::unreal::position({ Root[0], static_cast<float>(Ground) / CmPerM, Root[1] })) - Origin;
		const double Height = TraceGround(At);
		if (!FMath::IsNaN(Height) && Height + Origin.Z != Ground)
		{
			Ground = Height + Origin.Z;
			Subsystem.GetClient().set_ground(static_cast<uint32>(Character), Ground / CmPerM);
		}
	}
	Pose->Standing = motionwire::unreal::standing(Root, static_cast<float>(Ground) / CmPerM);
	motionwire::unreal::local_transforms(Skeleton, Frame.pose(Index), Pose->Local);
	Pose->Local[0] = motionwire::unreal::inverse(Pose->Standing) * Pose->Local[0];
	motionwire::unreal::world_transforms(Skeleton, Pose->Local, Pose->World);
	bActing = Frame.acting[Index] != 0;
	GaitPhase = Frame.phase[Index];
	for (int32 Part = 0; Part < 4; ++Part)
	{
		Contacts[Part] = Frame.contacts[4 * Index + Part];
	}
	if (bMoveActor)
	{
		MoveActor(Frame, Index);
	}
	if (Character == 0)
	{
		return;  // an overlap on the way has ended it
	}
	PoseMesh(Subsystem);
	Publish(Subsystem, Frame, Index);
	if (bDrawDebug)
	{
		Draw(Frame, Index);
	}
}

void UMotionwireComponent::MoveActor(const motionwire::PoseFrame& Frame, int32 Index)
{
	FVector Location = Motionwire::ToEngine(Pose->Standing.translation) - GetWorldOrigin();
	Location.Z += GetOriginHeight();
	// Actors face +X; the Mannequin's mesh faces +Y and is turned by -90 degrees in its actor, as in every template.
	const float Yaw = motionwire::unreal::yaw_of_heading(Frame.root[3 * Index + 2]);
	GetOwner()->SetActorLocationAndRotation(Location, FRotator(0.0, FMath::RadiansToDegrees(Yaw), 0.0));
}

void UMotionwireComponent::PoseMesh(UMotionwireSubsystem& Subsystem)
{
	const USkinnedAsset* Asset = Mesh != nullptr ? Mesh->GetSkinnedAsset() : nullptr;
	if (Asset == nullptr)
	{
		return;
	}
	if (!Rig || RiggedAsset != Asset || !Rig->IsOf(RetargetTable))  // both may be exchanged while it is played, and the table edited
	{
		RiggedAsset = Asset;
		Rig = MakeShared<FMotionwireRig>(Subsystem.GetSkeleton(), Asset->GetRefSkeleton(), RetargetTable);
		const FString Missing = Rig->Missing();
		if (!Rig->IsUsable() || !Missing.IsEmpty())
		{
			UE_LOG(LogMotionwire, Warning, TEXT("%s lacks bones of the retarget table: %s"), *Asset->GetName(), *Missing);
		}
	}
	if (!Rig->IsUsable())
	{
		return;
	}
	if (bMoveActor)
	{
		Rig->Apply(Pose->Local, Bones);
	}
	else
	{
		// The actor stays: the character moves in the space of the mesh, whose axes are taken to be the world's, turned with the actor.
		const FVector Place = Mesh->GetComponentLocation() + GetWorldOrigin();
		const motionwire::unreal::Transform Component = Motionwire::ToCore(FTransform(Mesh->GetComponentQuat(), FVector(Place.X, Place.Y, Ground)));
		std::vector<motionwire::unreal::Transform> Moved = Pose->Local;
		Moved[0] = motionwire::unreal::inverse(Component) * (Pose->Standing * Moved[0]);
		Rig->Apply(Moved, Bones);
	}
	if (Mesh->BoneSpaceTransforms.Num() == Bones.Num())
	{
		Mesh->BoneSpaceTransforms = Bones;
		Mesh->RefreshBoneTransforms();  // now: the component has ticked already in this frame, and would show the pose a frame after the place
	}
}

void UMotionwireComponent::Publish(UMotionwireSubsystem& Subsystem, const motionwire::PoseFrame& Frame, int32 Index)
{
	if (!Published.IsNone() && Published != LiveLinkSubject)
	{
		Subsystem.Unpublish(Published);
		Published = FName();
	}
	FMotionwireGameSource* Source = LiveLinkSubject.IsNone() ? nullptr : Subsystem.GetLiveLinkSource();
	if (Source == nullptr || Source->GetLiveLink() == nullptr)
	{
		return;
	}
	const FLiveLinkSubjectKey Key = Source->KeyOf(LiveLinkSubject);
	if (Published.IsNone())
	{
		Motionwire::PushStatic(*Source->GetLiveLink(), Key, Subsystem.GetSkeleton());
		Published = LiveLinkSubject;
	}
	// In lock-step a pose is of now.
	Motionwire::PushFrame(*Source->GetLiveLink(), Key, Subsystem.GetSkeleton(), Pose->Local, Frame, Index, FPlatformTime::Seconds());
}

void UMotionwireComponent::TakeNotice(const motionwire::Notice& Notice)
{
	const int32 Ref = static_cast<int32>(Notice.ref);
	switch (Notice.kind)
	{
	case motionwire::NoticeKind::footstep:
	{
		FVector Location = GetOwner()->GetActorLocation();
		const bool bLeft = Notice.foot == 0;
		const UMotionwireSubsystem* Subsystem = GetSubsystem();
		const int Joint = Subsystem != nullptr ? Subsystem->GetSkeleton().index(bLeft ? "left_foot" : "right_foot") : -1;
		if (Joint >= 0 && static_cast<size_t>(Joint) < Pose->World.size())
		{
			Location = Motionwire::ToEngine((Pose->Standing * Pose->World[Joint]).translation) - GetWorldOrigin();
		}
		OnFootstep.Broadcast(bLeft, Location);
		break;
	}
	case motionwire::NoticeKind::act_begin:
		OnActBegin.Broadcast(Ref);
		break;
	case motionwire::NoticeKind::act_end:
		Acts.Remove(Ref);
		OnActEnd.Broadcast(Ref);
		break;
	case motionwire::NoticeKind::act_failed:
		EndAct(Ref, Motionwire::ToEngine(Notice.text));
		break;
	case motionwire::NoticeKind::fault:
		OnFault.Broadcast(Motionwire::ToEngine(Notice.text));
		break;
	default:
		break;
	}
}

void UMotionwireComponent::Draw(const motionwire::PoseFrame& Frame, int32 Index) const
{
	const UWorld* World = GetWorld();
	const FVector Origin = GetWorldOrigin();
	const auto At = [&](const float* Row)
	{
		return Motionwire::ToEngine(motionwire::unreal::position({ Row[0], static_cast<float>(Ground) / CmPerM + 0.02f, Row[1] })) - Origin;
	};
	const auto Path = [&](const std::vector<float>& Rows, int32 Places, const FColor& Colour)
	{
		for (int32 Place = 1; Place < Places && !Rows.empty(); ++Place)
		{
			const float* Row = &Rows[4 * (Index * Places + Place)];
			DrawDebugLine(World, At(Row - 4), At(Row), Colour);
		}
	};
	Path(Frame.desired, motionwire::path_places, FColor::Green);
	Path(Frame.predicted, motionwire::future_places, FColor::Yellow);
	const char* const Feet[4] = { "left_ankle", "left_foot", "right_ankle", "right_foot" };
	const UMotionwireSubsystem* Subsystem = GetSubsystem();
	for (int32 Part = 0; Part < 4 && Subsystem != nullptr; ++Part)
	{
		const int Joint = Subsystem->GetSkeleton().index(Feet[Part]);
		if (Joint >= 0 && Contacts[Part] > 0.5f)
		{
			DrawDebugPoint(World, Motionwire::ToEngine((Pose->Standing * Pose->World[Joint]).translation) - Origin, 12.0f, FColor::Red);
		}
	}
}
