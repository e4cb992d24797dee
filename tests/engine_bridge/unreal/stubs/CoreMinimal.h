// Stub of the engine's header of this name: signatures alone, written by hand for -fsyntax-only. Never shipped.
#pragma once
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <type_traits>

using int8 = std::int8_t; using int16 = std::int16_t; using int32 = std::int32_t; using int64 = std::int64_t;
using uint8 = std::uint8_t; using uint16 = std::uint16_t; using uint32 = std::uint32_t; using uint64 = std::uint64_t;
using SIZE_T = std::size_t;
using TCHAR = char16_t;
#define STUB_PASTE(x) u##x
#define TEXT(x) STUB_PASTE(x)
#define PLATFORM_WINDOWS 0
#define STUB_BODY __builtin_trap();  // of templates: those of local types cannot stay undefined
#define THIRD_PARTY_INCLUDES_START
#define THIRD_PARTY_INCLUDES_END
#define MOTIONWIRE_API
#define MOTIONWIREEDITOR_API
#define check(expression) ((void)(expression))
#define FORCEINLINE inline
enum { INDEX_NONE = -1 };

template <class T> std::remove_reference_t<T>&& MoveTemp(T&& Value) { return static_cast<std::remove_reference_t<T>&&>(Value); }

class FName; class FText;
namespace ESearchCase { enum Type { CaseSensitive, IgnoreCase }; }
namespace ESearchDir { enum Type { FromStart, FromEnd }; }

template <class T> class TArray {
public:
    TArray() = default;
    TArray(std::initializer_list<T>) { STUB_BODY }
    TArray& operator=(std::initializer_list<T>) { STUB_BODY }
    int32 Num() const { STUB_BODY } T& operator[](int32) { STUB_BODY } const T& operator[](int32) const { STUB_BODY }
    int32 Add(const T&) { STUB_BODY } int32 Add(T&&) { STUB_BODY } T& AddDefaulted_GetRef() { STUB_BODY }
    void SetNum(int32) { STUB_BODY } void Reserve(int32) { STUB_BODY } void Empty() { STUB_BODY } void Reset() { STUB_BODY } void Init(const T&, int32) { STUB_BODY }
    bool IsValidIndex(int32) const { STUB_BODY } int32 Find(const T&) const { STUB_BODY } T* GetData() { STUB_BODY }
    template <class K> int32 IndexOfByKey(const K&) const { STUB_BODY }
    template <class P> int32 RemoveAll(P) { STUB_BODY } int32 Remove(const T&) { STUB_BODY }
    T* begin() { STUB_BODY } T* end() { STUB_BODY } const T* begin() const { STUB_BODY } const T* end() const { STUB_BODY }
    bool operator==(const TArray&) const { STUB_BODY } bool operator!=(const TArray&) const { STUB_BODY }
};
template <class K, class V> struct TPair { K Key; V Value; };
template <class K, class V> class TMap {
public:
    V& Add(const K&, const V&); V* Find(const K&); const V* Find(const K&) const; int32 Remove(const K&); int32 Num() const; void Empty();
    TPair<K, V>* begin(); TPair<K, V>* end(); const TPair<K, V>* begin() const; const TPair<K, V>* end() const;
};

class FString {
public:
    FString() = default; FString(const TCHAR*); FString(const char*);
    const TCHAR* operator*() const;
    template <class... A> static FString Printf(const TCHAR*, A...);
    static FString Join(const TArray<FString>&, const TCHAR*);
    bool IsEmpty() const; bool IsNumeric() const; int32 Len() const; FString TrimStartAndEnd() const;
    bool Split(const FString&, FString*, FString*, ESearchCase::Type = ESearchCase::IgnoreCase, ESearchDir::Type = ESearchDir::FromStart) const;
    bool operator==(const FString&) const; bool operator!=(const FString&) const;
};
FString operator+(const TCHAR*, const FString&);
FString operator+(const FString&, const FString&);
struct FCString { static int32 Atoi(const TCHAR*); };
const char* StubToUtf8(const TCHAR*); const TCHAR* StubFromUtf8(const char*);
#define TCHAR_TO_UTF8(x) StubToUtf8(x)
#define UTF8_TO_TCHAR(x) StubFromUtf8(x)

class FName {
public:
    FName(); FName(const TCHAR*); explicit FName(const char*);
    FString ToString() const; bool IsNone() const; bool operator==(const FName&) const; bool operator!=(const FName&) const;
};
class FText {
public:
    static FText FromString(const FString&); static FText AsNumber(int32); static FText AsNumber(uint32);
    template <class... A> static FText Format(const FText&, const A&...);
    const FString& ToString() const;
};
FText StubText(const TCHAR*, const TCHAR*, const TCHAR*);
#define LOCTEXT(key, text) StubText(TEXT(LOCTEXT_NAMESPACE), TEXT(key), TEXT(text))
#define NSLOCTEXT(space, key, text) StubText(TEXT(space), TEXT(key), TEXT(text))

namespace ELogVerbosity { enum Type { Error, Warning, Display, Log, Verbose }; }
struct FLogCategoryBase {};
#define DECLARE_LOG_CATEGORY_EXTERN(name, ...) extern struct FLogCategory##name : FLogCategoryBase {} name
#define DEFINE_LOG_CATEGORY(name) FLogCategory##name name
template <class... A> void StubLog(const FLogCategoryBase&, ELogVerbosity::Type, const TCHAR*, A...);
#define UE_LOG(category, verbosity, format, ...) StubLog(category, ELogVerbosity::verbosity, format, ##__VA_ARGS__)

template <class T> class TUniquePtr {
public:
    TUniquePtr(); TUniquePtr(TUniquePtr&&); TUniquePtr& operator=(TUniquePtr&&); explicit TUniquePtr(T*);
    ~TUniquePtr() { static_assert(sizeof(T) > 0); }
    T* operator->() const; T& operator*() const; T* Get() const; void Reset(T* = nullptr); explicit operator bool() const;
};
template <class T, class... A> TUniquePtr<T> MakeUnique(A&&... Args) { return TUniquePtr<T>(new T(static_cast<A&&>(Args)...)); }
template <class T> class TSharedRef;
template <class T> class TSharedPtr {
public:
    TSharedPtr(); TSharedPtr(decltype(nullptr)); template <class O, class = std::enable_if_t<std::is_convertible_v<O*, T*>>> TSharedPtr(const TSharedPtr<O>&);
    template <class O, class = std::enable_if_t<std::is_convertible_v<O*, T*>>> TSharedPtr(const TSharedRef<O>&);
    T* operator->() const; T& operator*() const; T* Get() const; void Reset(); bool IsValid() const; explicit operator bool() const; TSharedRef<T> ToSharedRef() const;
};
template <class T> class TSharedRef {
public:
    template <class O, class = std::enable_if_t<std::is_convertible_v<O*, T*>>> TSharedRef(const TSharedRef<O>&);
    explicit TSharedRef(T*); T* operator->() const; T& operator*() const; T& Get() const;
};
template <class T, class... A> TSharedRef<T> MakeShared(A&&... Args) { return TSharedRef<T>(new T(static_cast<A&&>(Args)...)); }
template <class T> class TOptional {
public:
    TOptional& operator=(const T&); bool IsSet() const; const T& GetValue() const; void Reset(); T* operator->(); template <class... A> T& Emplace(A&&...);
};
template <class T> class TEnumAsByte { public: TEnumAsByte(T); operator T() const; };
template <class T> class TObjectPtr {
public:
    TObjectPtr(); TObjectPtr(T*); TObjectPtr& operator=(T*); T* operator->() const; T& operator*() const; operator T*() const; T* Get() const;
};
template <class T> struct TNumericLimits { static T Max(); };

template <class T> struct TVector2Stub { T X, Y; static const TVector2Stub ZeroVector; };
struct FIntVector { int32 X, Y, Z; };
template <class T> struct TVectorStub {
    T X, Y, Z;
    TVectorStub(); TVectorStub(T, T, T); explicit TVectorStub(const FIntVector&); template <class O> explicit TVectorStub(const TVectorStub<O>&);
    TVectorStub operator+(const TVectorStub&) const; TVectorStub operator-(const TVectorStub&) const; TVectorStub operator*(double) const;
    bool ContainsNaN() const; static const TVectorStub ZeroVector;
};
template <class T> struct TQuatStub {
    T X, Y, Z, W;
    TQuatStub(); TQuatStub(T, T, T, T); template <class O> explicit TQuatStub(const TQuatStub<O>&); TQuatStub GetNormalized(T = T(1e-8)) const;
};
using FVector = TVectorStub<double>; using FVector3f = TVectorStub<float>; using FVector2D = TVector2Stub<double>;
using FQuat = TQuatStub<double>; using FQuat4f = TQuatStub<float>;
struct FRotator { double Pitch, Yaw, Roll; FRotator(double, double, double); };
class FTransform {
public:
    FTransform(); FTransform(const FQuat&, const FVector&);
    FTransform operator*(const FTransform&) const;
    FQuat GetRotation() const; FVector GetLocation() const; FVector GetScale3D() const; void SetScale3D(const FVector&);
};
struct FColor { static const FColor Green, Yellow, Red; };
struct FMath {
    template <class T> static T Clamp(T, T, T); template <class T> static T Min(T, T); template <class T> static T Max(T, T);
    static float DegreesToRadians(float); static float RadiansToDegrees(float); static float Atan2(float, float);
    static int32 RoundToInt32(double); static int32 CeilToInt32(float); static bool IsNaN(float); static bool IsNaN(double);
};
struct FPlatformTime { static double Seconds(); };
struct FPlatformProcess { static const TCHAR* ComputerName(); };
struct FGuid {};
struct FFrameRate { FFrameRate(uint32, uint32); };
struct FFrameNumber { explicit FFrameNumber(int32); };
bool IsInGameThread();
struct TStatId {};
struct FStatGroupStub {};
extern FStatGroupStub STATGROUP_Tickables;
#define RETURN_QUICK_DECLARE_CYCLE_STAT(name, group) (void)group; return TStatId()

#include "UObject/ObjectMacros.h"
