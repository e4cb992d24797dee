using System.Collections.Generic;
using System.Threading;

namespace Motionwire
{
    /// <summary>What the network thread hands to the main thread: frames, whose memory goes round, and notices.</summary>
    internal sealed class Inbox
    {
        private const int MostFrames = 64, MostNotices = 256; // of a main thread that takes none: the oldest go

        private readonly object gate = new object();
        private readonly Queue<PoseFrame> frames = new Queue<PoseFrame>();
        private readonly Stack<PoseFrame> spare = new Stack<PoseFrame>();
        private readonly Queue<Notice> notices = new Queue<Notice>();

        /// <summary>Frames that wait.</summary>
        public int Count
        {
            get { lock (gate) return frames.Count; }
        }

        public PoseFrame Rent()
        {
            lock (gate) return spare.Count > 0 ? spare.Pop() : new PoseFrame();
        }

        public void GiveBack(PoseFrame frame)
        {
            lock (gate) spare.Push(frame);
        }

        public void Add(PoseFrame frame)
        {
            lock (gate)
            {
                if (frames.Count >= MostFrames) spare.Push(frames.Dequeue());
                frames.Enqueue(frame);
                Monitor.Pulse(gate);
            }
        }

        /// <summary>Until there is a frame, or so many ms.</summary>
        public void Wait(int milliseconds)
        {
            lock (gate)
            {
                if (frames.Count == 0 && milliseconds > 0) Monitor.Wait(gate, milliseconds);
            }
        }

        /// <summary>The oldest frame; null without one.</summary>
        public PoseFrame Take()
        {
            lock (gate) return frames.Count > 0 ? frames.Dequeue() : null;
        }

        public void Clear()
        {
            lock (gate)
            {
                while (frames.Count > 0) spare.Push(frames.Dequeue());
            }
        }

        public void Tell(Notice notice)
        {
            lock (gate)
            {
                if (notices.Count >= MostNotices) notices.Dequeue();
                notices.Enqueue(notice);
            }
        }

        public bool TryTell(out Notice notice)
        {
            lock (gate)
            {
                notice = notices.Count > 0 ? notices.Dequeue() : new Notice();
                return notice.Text != null;
            }
        }
    }
}
