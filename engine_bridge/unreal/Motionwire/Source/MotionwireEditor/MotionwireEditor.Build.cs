// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

using UnrealBuildTool;

public class MotionwireEditor : ModuleRules
{
	public MotionwireEditor(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		PrivateDependencyModuleNames.AddRange(new string[]
		{
			"Core", "CoreUObject", "Engine", "Slate", "SlateCore", "InputCore", "UnrealEd", "EditorSubsystem",
			"WorkspaceMenuStructure", "PropertyEditor", "AssetRegistry", "Motionwire", "MotionwireCore",
		});
	}
}
