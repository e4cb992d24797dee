// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "LiveLinkTypes.h"

#include <vector>

class ILiveLinkClient;

namespace motionwire
{
	struct PoseFrame;
	struct Skeleton;
	namespace unreal
	{
		struct Transform;
	}
}

/** A character as a Live Link subject of the animation role. */
namespace Motionwire
{
	/** Bones and the names of curves; once, before the first frame. */
	void PushStatic(ILiveLinkClient& Client, const FLiveLinkSubjectKey& Subject, const motionwire::Skeleton& Skeleton);

	/** Pose: parent-space joints. Index: of the character in the frame, whose contacts and phase become curves. WorldTime: FPlatformTime::Seconds. */
	void PushFrame(
		ILiveLinkClient& Client, const FLiveLinkSubjectKey& Subject, const motionwire::Skeleton& Skeleton,
		const std::vector<motionwire::unreal::Transform>& Pose, const motionwire::PoseFrame& Frame, int32 Index, double WorldTime);

	/** Name of the curve that holds the height of the hips in the rest pose, m; the retarget asset needs it. */
	extern const FName RestHeightCurve;

	/** The gait phase as two curves: Live Link interpolates between frames, and an angle would run back through the whole turn at its end. */
	extern const FName PhaseSineCurve;
	extern const FName PhaseCosineCurve;
}
