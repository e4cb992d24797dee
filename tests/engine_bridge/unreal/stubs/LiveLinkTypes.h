// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include "CoreMinimal.h"
struct FLiveLinkSubjectName { FName Name; FLiveLinkSubjectName(FName); };
struct FLiveLinkSubjectKey { FLiveLinkSubjectKey(FGuid, FName); };
template <class T> struct TLiveLinkStructStub { explicit TLiveLinkStructStub(UScriptStruct*); template <class O> O* Cast(); TLiveLinkStructStub(TLiveLinkStructStub&&); };
using FLiveLinkStaticDataStruct = TLiveLinkStructStub<struct FLiveLinkBaseStaticData>;
using FLiveLinkFrameDataStruct = TLiveLinkStructStub<struct FLiveLinkBaseFrameData>;
struct FLiveLinkWorldTime { FLiveLinkWorldTime(double); explicit FLiveLinkWorldTime(double, double); FLiveLinkWorldTime(); };
struct FLiveLinkBaseStaticData { TArray<FName> PropertyNames; };
struct FLiveLinkBaseFrameData { FLiveLinkWorldTime WorldTime; TArray<float> PropertyValues; };
