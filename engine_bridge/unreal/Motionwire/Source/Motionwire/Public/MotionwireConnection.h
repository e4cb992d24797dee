// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#pragma once

#include "CoreMinimal.h"
#include "HAL/Runnable.h"
#include "Templates/UniquePtr.h"

namespace motionwire
{
	class Client;
}

DECLARE_LOG_CATEGORY_EXTERN(LogMotionwire, Log, All);

/** Where a Motionwire server listens. */
struct MOTIONWIRE_API FMotionwireEndpoint
{
	FString Host = TEXT("127.0.0.1");
	int32 Port = 5588;
	/** Empty: the server asks for none. */
	FString Token;

	/** "host:port", without the token. */
	FString ToString() const;
	/** From "host:port"; false: it is none. */
	static bool Parse(const FString& Text, FMotionwireEndpoint& Out);
};

/**
 * One session with a server and the thread that keeps it up. Destroying it returns at once: a thread that still waits for the system to look
 * up a host's name is collected later.
 */
class MOTIONWIRE_API FMotionwireConnection
{
public:
	FMotionwireConnection(const FMotionwireEndpoint& Endpoint, const FString& ClientName);
	~FMotionwireConnection();

	FMotionwireConnection(const FMotionwireConnection&) = delete;
	FMotionwireConnection& operator=(const FMotionwireConnection&) = delete;

	/** Its methods never wait for the network; see MotionwireCore/client.h. */
	motionwire::Client& Get() const;

	/** Waits for the threads of all connections that were closed; when the module is unloaded. */
	static void CollectAll();

	class FWorker;

private:
	TUniquePtr<FWorker> Worker;
};
