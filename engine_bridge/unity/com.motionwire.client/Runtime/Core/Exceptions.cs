using System;

namespace Motionwire
{
    /// <summary>What the peer sent is not this protocol.</summary>
    internal sealed class ProtocolException : Exception
    {
        public ProtocolException(string message) : base(message) { }
    }

    /// <summary>The connection is gone; the message says how.</summary>
    internal sealed class ConnectionLostException : Exception
    {
        public ConnectionLostException(string message) : base(message) { }
    }

    /// <summary>The server does not want this client.</summary>
    internal sealed class RefusedException : Exception
    {
        public RefusedException(string message) : base(message) { }
    }
}
