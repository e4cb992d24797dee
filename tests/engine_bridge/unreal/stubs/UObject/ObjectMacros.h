// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
// What UnrealHeaderTool makes of these; see unreal_headers.py.
#define UCLASS(...)
#define USTRUCT(...)
#define UENUM(...)
#define UPROPERTY(...)
#define UFUNCTION(...)
#define STUB_JOIN_(a, b, c) a##b##c
#define STUB_JOIN(a, b, c) STUB_JOIN_(a, b, c)
#define GENERATED_BODY(...) STUB_JOIN(CURRENT_FILE_ID, _, __LINE__)
#define GENERATED_UCLASS_BODY(...) STUB_JOIN(CURRENT_FILE_ID, _, __LINE__)

class UObject;
class UClass { public: FString GetName() const; };
class UScriptStruct {};
class FObjectInitializer { public: static const FObjectInitializer& Get(); };
struct FPropertyChangedEvent; class UWorld; class USkeleton; class UPackage;
enum EObjectFlags { RF_Public = 1, RF_Standalone = 2 };
inline EObjectFlags operator|(EObjectFlags a, EObjectFlags b) { return static_cast<EObjectFlags>(int(a) | int(b)); }

class UObject {
public:
    UObject(); explicit UObject(const FObjectInitializer&); virtual ~UObject();
    FString GetName() const; FString GetPathName() const; virtual UWorld* GetWorld() const; static UClass* StaticClass();
};
template <class T> class TSubclassOf { public: TSubclassOf(UClass*); };
template <class T> const T* GetDefault();
template <class T, class F> T* Cast(F*);
template <class T> T* NewObject(UObject*, FName, EObjectFlags);
template <class T> T* FindObject(UObject*, const TCHAR*);

#define STUB_DELEGATE_BASE bool IsBound() const
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(name, T1, P1) struct name { void Broadcast(T1) const; }
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(name, T1, P1, T2, P2) struct name { void Broadcast(T1, T2) const; }
