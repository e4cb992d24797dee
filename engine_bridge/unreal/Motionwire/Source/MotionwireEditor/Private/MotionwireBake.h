// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"

class UAnimSequence;
class UMotionwireRetargetTable;
class USkeletalMesh;

namespace motionwire
{
	struct Clip;
	struct Skeleton;
}

namespace Motionwire
{
	/**
	 * A clip as an AnimSequence asset on the mesh's skeleton, under this package name ("/Game/..."). Root motion: the root bone travels, or
	 * the pelvis does. Null: Error says why, and no asset was made.
	 */
	UAnimSequence* Bake(
		const motionwire::Clip& Clip, const motionwire::Skeleton& Skeleton, const USkeletalMesh& Mesh, const UMotionwireRetargetTable* Table,
		const FString& PackageName, bool bRootMotion, FText& Error);
}
