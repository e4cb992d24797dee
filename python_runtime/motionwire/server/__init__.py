"""The ZeroMQ endpoint: messages, sessions, lock-step, streams, clips. `engine_bridge/protocol/SPEC.md` is its contract."""
