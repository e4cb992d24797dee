// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

// The engine-free core. Included by .cpp files only: it brings the operating system's socket headers.

#include "CoreMinimal.h"

THIRD_PARTY_INCLUDES_START
#if PLATFORM_WINDOWS
#include "Windows/AllowWindowsPlatformTypes.h"
#endif
#include "MotionwireCore/client.h"
#include "MotionwireCore/jitter_buffer.h"
#include "MotionwireCore/kinematics.h"
#include "MotionwireCore/mannequin.h"
#include "MotionwireCore/retarget.h"
#include "MotionwireCore/trajectory.h"
#if PLATFORM_WINDOWS
#include "Windows/HideWindowsPlatformTypes.h"
#endif
THIRD_PARTY_INCLUDES_END

// Values between the core and the engine. The core's Unreal axes are the engine's own: centimetres, Z up, left-handed.
namespace Motionwire
{
	inline FVector ToEngine(const motionwire::Vec3& V) { return FVector(V.x, V.y, V.z); }
	inline FQuat ToEngine(const motionwire::Quat& Q) { return FQuat(Q.x, Q.y, Q.z, Q.w).GetNormalized(); }
	inline FTransform ToEngine(const motionwire::unreal::Transform& T) { return FTransform(ToEngine(T.rotation), ToEngine(T.translation)); }

	inline motionwire::Vec3 ToCore(const FVector& V) { return { static_cast<float>(V.X), static_cast<float>(V.Y), static_cast<float>(V.Z) }; }
	inline motionwire::Quat ToCore(const FQuat& Q)
	{
		return { static_cast<float>(Q.X), static_cast<float>(Q.Y), static_cast<float>(Q.Z), static_cast<float>(Q.W) };
	}
	inline motionwire::unreal::Transform ToCore(const FTransform& T) { return { ToCore(T.GetRotation()), ToCore(T.GetLocation()) }; }

	inline std::string ToCore(const FString& Text) { return std::string(TCHAR_TO_UTF8(*Text)); }
	inline FString ToEngine(const std::string& Text) { return FString(UTF8_TO_TCHAR(Text.c_str())); }
}
