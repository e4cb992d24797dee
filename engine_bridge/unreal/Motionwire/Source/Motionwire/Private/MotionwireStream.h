// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"

/** What a stream of poses is asked for. Not in each file that needs it: UnrealBuildTool compiles the files of a module as one. */
namespace Motionwire
{
	constexpr double StreamFps = 60.0;
	constexpr uint32 StreamCredit = 4;
}
