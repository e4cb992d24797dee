// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Components/SceneComponent.h"
class UCapsuleComponent : public USceneComponent { public: float GetScaledCapsuleHalfHeight() const; };
