using System;

namespace Motionwire
{
    /// <summary>A clip that the server makes from a sentence. It grows while <see cref="Ended"/> is false; both threads may look.</summary>
    public sealed class GeneratedClip
    {
        private const int MostFrames = 100000;

        private readonly object gate = new object();
        private float[] poses = new float[0];
        private int frames, ahead, total;
        private bool ended;
        private string problem;

        internal GeneratedClip(uint request, string text)
        {
            Request = request;
            Text = text;
        }

        internal uint Request { get; private set; }

        /// <summary>The sentence.</summary>
        public string Text { get; private set; }

        public float Fps { get; private set; }
        public int Joints { get; private set; }

        /// <summary>Rest offsets xyz of the joints in m, in Unity's axes.</summary>
        public float[] Offsets { get; private set; }

        public int Frames { get { lock (gate) return frames; } }

        /// <summary>Frames that it will have; 0: not known.</summary>
        public int Total { get { lock (gate) return total; } }

        /// <summary>Clips that are made before it.</summary>
        public int Ahead { get { lock (gate) return ahead; } }

        /// <summary>Whether nothing more comes.</summary>
        public bool Ended { get { lock (gate) return ended; } }

        /// <summary>Why it is not complete; null if it is, or not yet ended.</summary>
        public string Problem { get { lock (gate) return problem; } }

        /// <summary>Copies a frame (as <see cref="PoseFrame.Poses"/>) into an array.</summary>
        public void CopyFrame(int frame, float[] pose)
        {
            lock (gate)
            {
                if (frame < 0 || frame >= frames) throw new ArgumentOutOfRangeException("frame");
                Array.Copy(poses, frame * Stride, pose, 0, Stride);
            }
        }

        private int Stride { get { return 3 + 4 * Joints; } }

        internal void Progress(MessagePackReader reader)
        {
            lock (gate)
            {
                for (int pairs = reader.Map(); pairs > 0; pairs--)
                {
                    reader.Key();
                    if (reader.Is("ahead")) ahead = reader.Int(0, int.MaxValue);
                    else if (reader.Is("total")) total = reader.Int(0, int.MaxValue);
                    else reader.Skip();
                }
            }
        }

        internal void Begin(MessagePackReader reader, byte[] buffer, Skeleton skeleton)
        {
            float fps = 0;
            float[] offsets = null;
            for (int pairs = reader.Map(); pairs > 0; pairs--)
            {
                reader.Key();
                if (reader.Is("fps")) fps = (float)reader.Number();
                else if (reader.Is("offsets")) offsets = Welcome.Offsets(ref reader, buffer);
                else reader.Skip();
            }
            if (!(fps > 0 && fps < 1000) || offsets == null || offsets.Length != 3 * skeleton.Count) throw new ProtocolException("a clip of another skeleton");
            lock (gate)
            {
                Fps = fps;
                Joints = skeleton.Count;
                Offsets = offsets;
            }
        }

        internal void Add(MessagePackReader reader, byte[] buffer)
        {
            int first = -1, count = -1, at = 0, length = 0;
            for (int pairs = reader.Map(); pairs > 0; pairs--)
            {
                reader.Key();
                if (reader.Is("first")) first = reader.Int(0, MostFrames);
                else if (reader.Is("frames")) count = reader.Int(0, MostFrames);
                else if (reader.Is("data")) reader.Bytes(out at, out length);
                else reader.Skip();
            }
            lock (gate)
            {
                if (Offsets == null || first != frames || first + count > MostFrames || length != 4L * count * Stride)
                {
                    throw new ProtocolException("frames that do not continue their clip");
                }
                int end = (frames + count) * Stride;
                if (poses.Length < end) Array.Resize(ref poses, Math.Max(end, 2 * poses.Length));
                Buffer.BlockCopy(buffer, at, poses, 4 * frames * Stride, length);
                if (!PoseRows.Turn(poses, frames * Stride, count, Stride)) throw new ProtocolException("a clip with values that are no pose");
                frames += count;
            }
        }

        internal void End(string why)
        {
            lock (gate)
            {
                if (ended) return;
                ended = true;
                problem = why;
            }
        }
    }
}
