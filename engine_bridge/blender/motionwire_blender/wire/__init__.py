"""The wire of the Motionwire runtime in plain Python: MessagePack, ZMTP 3.x (NULL mechanism) and a session on a thread of its own."""
