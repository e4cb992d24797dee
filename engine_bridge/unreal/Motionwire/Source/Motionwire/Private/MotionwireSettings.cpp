// Copyright The Motionwire authors. Licensed under the Apache License 2.0.

#include "MotionwireSettings.h"

FMotionwireEndpoint UMotionwireSettings::GetEndpoint() const
{
	FMotionwireEndpoint Endpoint;
	Endpoint.Host = Host;
	Endpoint.Port = Port;
	Endpoint.Token = Token;
	return Endpoint;
}
