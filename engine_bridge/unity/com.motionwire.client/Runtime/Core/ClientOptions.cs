namespace Motionwire
{
    /// <summary>Where the runtime is, and who asks.</summary>
    public sealed class ClientOptions
    {
        public string Host = "127.0.0.1";
        public int Port = 5588;

        /// <summary>The server's token; empty where it has none. It is proved to be known, never sent.</summary>
        public string Token = "";

        /// <summary>For the server's log: the program, and the engine.</summary>
        public string Client = "motionwire unity client", Engine = "unity";
    }

    public enum ClientState
    {
        /// <summary>No session; it is being asked for, again and again.</summary>
        Connecting,

        /// <summary>Characters live.</summary>
        Open,

        /// <summary>The session is open, but the server has not answered for a while.</summary>
        Silent,

        /// <summary>The server does not want this client (token, version); it is asked again every few seconds.</summary>
        Refused,

        Closed,
    }
}
