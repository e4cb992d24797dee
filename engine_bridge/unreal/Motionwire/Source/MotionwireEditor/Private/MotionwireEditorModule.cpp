// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "Framework/Application/SlateApplication.h"
#include "Framework/Docking/TabManager.h"
#include "Modules/ModuleManager.h"
#include "SMotionwireBaker.h"
#include "Widgets/Docking/SDockTab.h"
#include "WorkspaceMenuStructure.h"
#include "WorkspaceMenuStructureModule.h"

#define LOCTEXT_NAMESPACE "MotionwireEditor"

namespace
{
	const FName BakerTab(TEXT("MotionwireBaker"));
}

/** Tools > Motionwire Baker. */
class FMotionwireEditorModule final : public IModuleInterface
{
public:
	virtual void StartupModule() override
	{
		FGlobalTabmanager::Get()
			->RegisterNomadTabSpawner(BakerTab, FOnSpawnTab::CreateLambda([](const FSpawnTabArgs& Args)
			{
				return SNew(SDockTab).TabRole(ETabRole::NomadTab)
				[
					SNew(SMotionwireBaker)
				];
			}))
			.SetDisplayName(LOCTEXT("TabName", "Motionwire Baker"))
			.SetTooltipText(LOCTEXT("TabTooltip", "Bakes a sentence to an animation sequence"))
			.SetGroup(WorkspaceMenu::GetMenuStructure().GetToolsCategory());
	}

	virtual void ShutdownModule() override
	{
		if (FSlateApplication::IsInitialized())
		{
			FGlobalTabmanager::Get()->UnregisterNomadTabSpawner(BakerTab);
		}
	}
};

#undef LOCTEXT_NAMESPACE

IMPLEMENT_MODULE(FMotionwireEditorModule, MotionwireEditor)
