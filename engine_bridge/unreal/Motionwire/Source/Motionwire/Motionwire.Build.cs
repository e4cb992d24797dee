// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

using UnrealBuildTool;

public class Motionwire : ModuleRules
{
	public Motionwire(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		PublicDependencyModuleNames.AddRange(new string[]
		{
			"Core", "CoreUObject", "Engine", "DeveloperSettings", "LiveLinkInterface", "LiveLinkAnimationCore", "MotionwireCore",
		});
		PrivateDependencyModuleNames.AddRange(new string[] { "Slate", "SlateCore", "InputCore" });
	}
}
