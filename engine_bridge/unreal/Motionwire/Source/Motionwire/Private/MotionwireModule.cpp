// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "Modules/ModuleManager.h"
#include "MotionwireConnection.h"

class FMotionwireModule final : public IModuleInterface
{
public:
	virtual void ShutdownModule() override
	{
		FMotionwireConnection::CollectAll();
	}
};

IMPLEMENT_MODULE(FMotionwireModule, Motionwire)
