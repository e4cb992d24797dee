// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

using System.IO;
using UnrealBuildTool;

// Headers alone, and no engine in them: nothing is compiled or loaded for this module.
public class MotionwireCore : ModuleRules
{
	public MotionwireCore(ReadOnlyTargetRules Target) : base(Target)
	{
		Type = ModuleType.External;
		PublicSystemIncludePaths.Add(Path.Combine(ModuleDirectory, "Public"));
		if (Target.Platform == UnrealTargetPlatform.Win64)
		{
			PublicSystemLibraries.Add("Ws2_32.lib");
		}
	}
}
