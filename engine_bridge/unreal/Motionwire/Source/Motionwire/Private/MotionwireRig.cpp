// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireRig.h"

#include "MotionwireCoreHeaders.h"
#include "MotionwireRetargetTable.h"
#include "ReferenceSkeleton.h"

namespace
{
	std::vector<motionwire::unreal::Bone> BonesOf(const FReferenceSkeleton& Skeleton)
	{
		std::vector<motionwire::unreal::Bone> Bones(Skeleton.GetNum());
		for (int32 Index = 0; Index < Skeleton.GetNum(); ++Index)
		{
			Bones[Index].name = Motionwire::ToCore(Skeleton.GetBoneName(Index).ToString());
			Bones[Index].parent = Skeleton.GetParentIndex(Index);
			Bones[Index].reference = Motionwire::ToCore(Skeleton.GetRefBonePose()[Index]);
			Bones[Index].scale = Motionwire::ToCore(Skeleton.GetRefBonePose()[Index].GetScale3D());
		}
		return Bones;
	}
}

FMotionwireRig::FMotionwireRig(const motionwire::Skeleton& Source, const FReferenceSkeleton& Skeleton, const UMotionwireRetargetTable* Table)
	: FMotionwireRig(Source, BonesOf(Skeleton), Table)
{
}

FMotionwireRig::FMotionwireRig(
	const motionwire::Skeleton& Source, std::vector<motionwire::unreal::Bone> InBones, const UMotionwireRetargetTable* Table)
{
	using namespace motionwire::unreal;
	if (Table == nullptr)
	{
		Table = GetDefault<UMotionwireRetargetTable>();
	}
	std::vector<std::string> Names;  // what the rows' views look at
	Names.reserve(2 * Table->Rows.Num() + 2 * Table->Copies.Num());
	const auto Kept = [&Names](FName Name) { return std::string_view(Names.emplace_back(Motionwire::ToCore(Name.ToString()))); };
	std::vector<Row> Rows;
	for (const FMotionwireBoneRow& From : Table->Rows)
	{
		Row To;
		To.bone = Kept(From.Bone);
		To.joint = Kept(From.Joint);
		To.stance = static_cast<Stance>(From.Stance);
		Rows.push_back(To);
	}
	std::vector<Copy> Copies;
	for (const FMotionwireBoneCopy& From : Table->Copies)
	{
		Copy To;
		To.bone = Kept(From.Bone);
		To.of = Kept(From.Of);
		Copies.push_back(To);
	}
	Retarget = MakeUnique<motionwire::unreal::Retarget>(Source, MoveTemp(InBones), Rows.data(), Rows.size(), Copies.data(), Copies.size());
}

FMotionwireRig::~FMotionwireRig() = default;

bool FMotionwireRig::IsUsable() const
{
	return Retarget->usable();
}

FString FMotionwireRig::Missing() const
{
	TArray<FString> Names;
	for (const std::string& Name : Retarget->missing())
	{
		Names.Add(Motionwire::ToEngine(Name));
	}
	return FString::Join(Names, TEXT(", "));
}

bool FMotionwireRig::Apply(const TArray<FTransform>& Joints, float RootHeight, bool bMoveRoot, TArray<FTransform>& Out)
{
	Pose.clear();
	for (const FTransform& Joint : Joints)
	{
		Pose.push_back(Motionwire::ToCore(Joint));
	}
	if (!Retarget->fits(Pose, RootHeight))
	{
		return false;
	}
	if (!bMoveRoot)
	{
		Pose[0].translation.x = Pose[0].translation.y = 0.0f;
	}
	Apply(Pose, Out);
	return true;
}

void FMotionwireRig::Apply(const std::vector<motionwire::unreal::Transform>& InPose, TArray<FTransform>& Out)
{
	Retarget->apply(InPose, Bones);
	Out.SetNum(static_cast<int32>(Bones.size()));
	for (int32 Index = 0; Index < Out.Num(); ++Index)
	{
		Out[Index] = Motionwire::ToEngine(Bones[Index]);
	}
}
