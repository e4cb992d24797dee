// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireSubject.h"

#include "ILiveLinkClient.h"
#include "MotionwireCoreHeaders.h"
#include "Roles/LiveLinkAnimationRole.h"
#include "Roles/LiveLinkAnimationTypes.h"

#include <cmath>

const FName Motionwire::RestHeightCurve(TEXT("motionwire_rest_height"));
const FName Motionwire::PhaseSineCurve(TEXT("gait_phase_sin"));
const FName Motionwire::PhaseCosineCurve(TEXT("gait_phase_cos"));

void Motionwire::PushStatic(ILiveLinkClient& Client, const FLiveLinkSubjectKey& Subject, const motionwire::Skeleton& Skeleton)
{
	FLiveLinkStaticDataStruct Data(FLiveLinkSkeletonStaticData::StaticStruct());
	FLiveLinkSkeletonStaticData& Bones = *Data.Cast<FLiveLinkSkeletonStaticData>();
	TArray<FName> Names;
	TArray<int32> Parents;
	for (size_t Joint = 0; Joint < Skeleton.size(); ++Joint)
	{
		Names.Add(FName(*ToEngine(Skeleton.names[Joint])));
		Parents.Add(Skeleton.parents[Joint]);
	}
	Bones.SetBoneNames(Names);
	Bones.SetBoneParents(Parents);
	Bones.PropertyNames = {
		TEXT("left_heel_contact"), TEXT("left_toe_contact"), TEXT("right_heel_contact"), TEXT("right_toe_contact"),
		PhaseSineCurve, PhaseCosineCurve, TEXT("acting"), RestHeightCurve };
	Client.PushSubjectStaticData_AnyThread(Subject, ULiveLinkAnimationRole::StaticClass(), MoveTemp(Data));
}

void Motionwire::PushFrame(
	ILiveLinkClient& Client, const FLiveLinkSubjectKey& Subject, const motionwire::Skeleton& Skeleton,
	const std::vector<motionwire::unreal::Transform>& Pose, const motionwire::PoseFrame& Frame, int32 Index, double WorldTime)
{
	FLiveLinkFrameDataStruct Data(FLiveLinkAnimationFrameData::StaticStruct());
	FLiveLinkAnimationFrameData& Animation = *Data.Cast<FLiveLinkAnimationFrameData>();
	Animation.WorldTime = FLiveLinkWorldTime(WorldTime, 0.0);  // by the engine's clock already
	Animation.Transforms.Reserve(static_cast<int32>(Pose.size()));
	for (const motionwire::unreal::Transform& Joint : Pose)
	{
		Animation.Transforms.Add(ToEngine(Joint));
	}
	const float* Contacts = &Frame.contacts[4 * Index];
	Animation.PropertyValues = {
		Contacts[0], Contacts[1], Contacts[2], Contacts[3], std::sin(Frame.phase[Index]), std::cos(Frame.phase[Index]),
		Frame.acting[Index] != 0 ? 1.0f : 0.0f, Skeleton.offsets[1] };
	Client.PushSubjectFrameData_AnyThread(Subject, MoveTemp(Data));
}
