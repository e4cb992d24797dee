// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Components/SceneComponent.h"
enum class ETeleportType : uint8 { None, TeleportPhysics, ResetPhysics };
class AActor : public UObject {
public:
    FVector GetActorLocation() const; FRotator GetActorRotation() const; USceneComponent* GetRootComponent() const;
    bool SetActorLocationAndRotation(FVector, FRotator, bool = false, FHitResult* = nullptr, ETeleportType = ETeleportType::None);
    template <class T> T* FindComponentByClass() const;
};
