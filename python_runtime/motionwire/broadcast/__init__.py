"""Other ways out of the runtime than ZeroMQ: the browser viewer over a WebSocket."""
