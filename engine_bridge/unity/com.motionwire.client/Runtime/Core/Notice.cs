namespace Motionwire
{
    public enum NoticeKind
    {
        /// <summary>A session is open; also after a loss.</summary>
        Connected,

        /// <summary>The connection is lost, or cannot be made.</summary>
        Disconnected,

        /// <summary>The server does not want this client.</summary>
        Refused,

        /// <summary>The server refused a request, or could not be asked.</summary>
        RequestFailed,
    }

    /// <summary>Something that the program, or the person in front of it, should know.</summary>
    public struct Notice
    {
        public NoticeKind Kind;

        /// <summary>A line for people.</summary>
        public string Text;

        /// <summary>Of a connection: whether it is the session from before, with all that characters act.</summary>
        public bool Resumed;

        /// <summary>Of a failed request: its type, and the protocol's error code.</summary>
        public string Of, Code;

        /// <summary>Of a failed request: its number. Of a connection: acts of lower numbers were asked for before it.</summary>
        public uint Ref;
    }
}
