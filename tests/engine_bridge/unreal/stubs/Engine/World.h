// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "CollisionQueryParams.h"
#include "Engine/EngineTypes.h"
class UWorld : public UObject {
public:
    FIntVector OriginLocation; uint8 bIsTearingDown : 1;
    template <class T> T* GetSubsystem() const;
    bool LineTraceSingleByChannel(FHitResult&, const FVector&, const FVector&, ECollisionChannel, const FCollisionQueryParams&) const;
};
