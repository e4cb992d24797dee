// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireConnection.h"

#include "HAL/RunnableThread.h"
#include "Misc/EngineVersion.h"
#include "MotionwireCoreHeaders.h"

DEFINE_LOG_CATEGORY(LogMotionwire);

FString FMotionwireEndpoint::ToString() const
{
	return FString::Printf(TEXT("%s:%d"), *Host, Port);
}

bool FMotionwireEndpoint::Parse(const FString& Text, FMotionwireEndpoint& Out)
{
	FString Host, Port;
	if (!Text.TrimStartAndEnd().Split(TEXT(":"), &Host, &Port, ESearchCase::CaseSensitive, ESearchDir::FromEnd) || Host.IsEmpty() || !Port.IsNumeric())
	{
		return false;
	}
	const int32 Number = FCString::Atoi(*Port);
	if (Number < 1 || Number > 65535)
	{
		return false;
	}
	Out.Host = Host;
	Out.Port = Number;
	return true;
}

/** The client, and the thread on which it runs. */
class FMotionwireConnection::FWorker final : public FRunnable
{
public:
	explicit FWorker(motionwire::Options Options)
		: Client(MoveTemp(Options))
	{
		Thread.Reset(FRunnableThread::Create(this, TEXT("Motionwire network"), 0, TPri_AboveNormal));
	}

	virtual ~FWorker() override
	{
		Client.stop();
		if (Thread)
		{
			Thread->WaitForCompletion();
		}
	}

	virtual uint32 Run() override
	{
		Client.run();
		bEnded = true;
		return 0;
	}

	virtual void Stop() override
	{
		Client.stop();
	}

	bool HasEnded() const
	{
		return bEnded || !Thread;
	}

	motionwire::Client Client;

private:
	TUniquePtr<FRunnableThread> Thread;
	std::atomic<bool> bEnded{false};
};

namespace
{
	/** Closed connections whose thread has not ended yet. Of the game's thread alone. */
	TArray<TUniquePtr<FMotionwireConnection::FWorker>>& Leaving()
	{
		static TArray<TUniquePtr<FMotionwireConnection::FWorker>> Workers;
		return Workers;
	}
}

FMotionwireConnection::FMotionwireConnection(const FMotionwireEndpoint& Endpoint, const FString& ClientName)
{
	motionwire::Options Options;
	Options.host = Motionwire::ToCore(Endpoint.Host);
	Options.port = static_cast<uint16>(Endpoint.Port);
	Options.token = Motionwire::ToCore(Endpoint.Token);
	Options.client = Motionwire::ToCore(ClientName);
	Options.engine = Motionwire::ToCore(TEXT("unreal ") + FEngineVersion::Current().ToString(EVersionComponent::Patch));
	Worker = MakeUnique<FWorker>(MoveTemp(Options));
}

FMotionwireConnection::~FMotionwireConnection()
{
	check(IsInGameThread());
	Worker->Client.stop();
	Leaving().Add(MoveTemp(Worker));
	Leaving().RemoveAll([](const TUniquePtr<FWorker>& One) { return One->HasEnded(); });
}

motionwire::Client& FMotionwireConnection::Get() const
{
	return Worker->Client;
}

void FMotionwireConnection::CollectAll()
{
	Leaving().Empty();
}
