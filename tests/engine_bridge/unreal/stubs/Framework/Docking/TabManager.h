// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
class SDockTab; class FWorkspaceItem;
struct FSpawnTabArgs {};
struct FOnSpawnTab { template <class F> static FOnSpawnTab CreateLambda(F Function) { TSharedRef<SDockTab> (*Checked)(const FSpawnTabArgs&) = Function; (void)Checked; return {}; } };
struct FTabSpawnerEntry { FTabSpawnerEntry& SetDisplayName(const FText&); FTabSpawnerEntry& SetTooltipText(const FText&); FTabSpawnerEntry& SetGroup(const TSharedRef<FWorkspaceItem>&); };
struct FGlobalTabmanager { static TSharedRef<FGlobalTabmanager> Get(); FTabSpawnerEntry& RegisterNomadTabSpawner(const FName, const FOnSpawnTab&); void UnregisterNomadTabSpawner(const FName); };
