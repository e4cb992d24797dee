// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireBake.h"

#include "Animation/AnimData/IAnimationDataController.h"
#include "Animation/AnimSequence.h"
#include "AssetRegistry/AssetRegistryModule.h"
#include "Engine/SkeletalMesh.h"
#include "Misc/PackageName.h"
#include "MotionwireCoreHeaders.h"
#include "MotionwireRig.h"
#include "UObject/Package.h"

#define LOCTEXT_NAMESPACE "MotionwireBake"

namespace
{
	/** Each bone's keys, frame after frame. */
	struct FKeys
	{
		TArray<FVector3f> Positions;
		TArray<FQuat4f> Rotations;
		TArray<FVector3f> Scales;
	};

	/** Keys of all bones of the mesh; a clip begins at the origin, facing the mesh's front. The hips sway over the root, which does not. */
	TArray<FKeys> KeysOf(
		const motionwire::Clip& Clip, const motionwire::Skeleton& Skeleton, FMotionwireRig& Rig, const FReferenceSkeleton& Bones, bool bRootMotion)
	{
		using namespace motionwire::unreal;
		TArray<FKeys> Keys;
		Keys.SetNum(Bones.GetNum());
		std::vector<motionwire::unreal::Transform> Pose;
		TArray<FTransform> Posed;
		const size_t Width = 3 + 4 * size_t{ Clip.joints };
		const std::vector<float> Roots = motionwire::trajectory(Clip);
		const motionwire::unreal::Transform Start = standing(Roots.data(), 0.0f);
		for (uint32 Frame = 0; Frame < Clip.frames; ++Frame)
		{
			local_transforms(Skeleton, &Clip.data[Frame * Width], Pose);
			const motionwire::unreal::Transform Root = standing(&Roots[3 * Frame], 0.0f);
			const motionwire::unreal::Transform Travel = inverse(Start) * Root;
			const motionwire::unreal::Transform Above = bRootMotion ? Root : Start;
			Pose[0] = inverse(Above) * Pose[0];
			Rig.Apply(Pose, Posed);
			if (bRootMotion)
			{
				Posed[0] = Posed[0] * Motionwire::ToEngine(Travel);  // bone 0 is the root; the pelvis was posed beneath it
			}
			for (int32 Bone = 0; Bone < Posed.Num(); ++Bone)
			{
				Keys[Bone].Positions.Add(FVector3f(Posed[Bone].GetLocation()));
				Keys[Bone].Rotations.Add(FQuat4f(Posed[Bone].GetRotation()));
				Keys[Bone].Scales.Add(FVector3f(Posed[Bone].GetScale3D()));
			}
		}
		return Keys;
	}
}

UAnimSequence* Motionwire::Bake(
	const motionwire::Clip& Clip, const motionwire::Skeleton& Skeleton, const USkeletalMesh& Mesh, const UMotionwireRetargetTable* Table,
	const FString& PackageName, bool bRootMotion, FText& Error)
{
	const FReferenceSkeleton& Bones = Mesh.GetRefSkeleton();
	FMotionwireRig Rig(Skeleton, Bones, Table);
	if (!Rig.IsUsable())
	{
		Error = FText::Format(LOCTEXT("NoBones", "The retarget table does not fit {0}: it has none of {1}"), FText::FromString(Mesh.GetName()), FText::FromString(Rig.Missing()));
		return nullptr;
	}
	if (bRootMotion && !Rig.HasRootAbovePelvis())
	{
		Error = LOCTEXT("NoRoot", "This skeleton has no root bone above the pelvis; bake it without root motion");
		return nullptr;
	}
	FText Reason;
	if (!FPackageName::IsValidLongPackageName(PackageName, false, &Reason))
	{
		Error = Reason;
		return nullptr;
	}
	UPackage* Package = CreatePackage(*PackageName);
	Package->FullyLoad();
	const FString Name = FPackageName::GetShortName(PackageName);
	if (FindObject<UObject>(Package, *Name) != nullptr)
	{
		Error = FText::Format(LOCTEXT("Exists", "{0} exists already"), FText::FromString(PackageName));
		return nullptr;
	}
	const TArray<FKeys> Keys = KeysOf(Clip, Skeleton, Rig, Bones, bRootMotion);
	UAnimSequence* Sequence = NewObject<UAnimSequence>(Package, *Name, RF_Public | RF_Standalone);
	Sequence->SetSkeleton(const_cast<USkeleton*>(Mesh.GetSkeleton()));
	Sequence->SetPreviewMesh(const_cast<USkeletalMesh*>(&Mesh));
	Sequence->bEnableRootMotion = bRootMotion;
	IAnimationDataController& Controller = Sequence->GetController();
	Controller.OpenBracket(LOCTEXT("Bake", "Bake a sentence"), false);
	Controller.InitializeModel();
	Controller.SetFrameRate(FFrameRate(FMath::RoundToInt32(Clip.fps), 1), false);
	Controller.SetNumberOfFrames(FFrameNumber(FMath::Max(1, static_cast<int32>(Clip.frames) - 1)), false);  // intervals between keys
	for (int32 Bone = 0; Bone < Bones.GetNum(); ++Bone)
	{
		const FName BoneName = Bones.GetBoneName(Bone);
		Controller.AddBoneCurve(BoneName, false);
		Controller.SetBoneTrackKeys(BoneName, Keys[Bone].Positions, Keys[Bone].Rotations, Keys[Bone].Scales, false);
	}
	Controller.NotifyPopulated();
	Controller.CloseBracket(false);
	FAssetRegistryModule::AssetCreated(Sequence);
	Package->MarkPackageDirty();
	return Sequence;
}

#undef LOCTEXT_NAMESPACE
