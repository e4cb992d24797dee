// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
#include "Engine/EngineTypes.h"
class FSubsystemCollectionBase;
class UWorldSubsystem : public UObject { public: virtual UWorld* GetWorld() const override final; virtual void Initialize(FSubsystemCollectionBase&); virtual void Deinitialize(); protected: virtual bool DoesSupportWorldType(const EWorldType::Type) const; };
class UTickableWorldSubsystem : public UWorldSubsystem { public: virtual void Tick(float); virtual TStatId GetStatId() const = 0; virtual void Initialize(FSubsystemCollectionBase&) override; virtual void Deinitialize() override; };
