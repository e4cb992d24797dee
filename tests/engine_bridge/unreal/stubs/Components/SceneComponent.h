// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Components/ActorComponent.h"
class USceneComponent : public UActorComponent { public: FQuat GetComponentQuat() const; FVector GetComponentLocation() const; };
