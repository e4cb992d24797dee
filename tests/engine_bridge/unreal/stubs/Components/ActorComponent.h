// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Engine/EngineTypes.h"
class AActor;
struct FTickFunction { bool bCanEverTick; };
class UActorComponent : public UObject { public: FTickFunction PrimaryComponentTick; AActor* GetOwner() const; virtual UWorld* GetWorld() const override final; virtual void BeginPlay(); virtual void EndPlay(const EEndPlayReason::Type); protected: virtual void OnRegister(); };
