namespace Motionwire
{
    public enum PoseEventKind
    {
        /// <summary>A foot landed.</summary>
        Footstep,

        /// <summary>The motion of an acted sentence starts.</summary>
        ActBegin,

        /// <summary>It is over, or was stopped or replaced.</summary>
        ActEnd,

        /// <summary>The model could not act the sentence; the character walks on.</summary>
        ActFailed,

        /// <summary>The model failed; the pose is held.</summary>
        Fault,
    }

    /// <summary>Something that happened to a character since its frame before.</summary>
    public struct PoseEvent
    {
        public PoseEventKind Kind;
        public int Character;

        /// <summary>Of a footstep: 0 left, 1 right.</summary>
        public int Foot;

        /// <summary>Of acted sentences: the number that <see cref="MotionwireClient.Act"/> returned.</summary>
        public uint Ref;

        /// <summary>Seconds between it and the frame that tells it: more than 0 after a long step or lost frames.</summary>
        public float Ago;

        /// <summary>Of failures: a line for people.</summary>
        public string Message;
    }
}
