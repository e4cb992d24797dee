using System;
using System.Collections.Generic;

namespace Motionwire
{
    /// <summary>Plays a stream one and a half frames late and interpolates, so that frames that come unevenly are shown evenly.</summary>
    /// <remarks>Showing the latest frame instead gives velocities that are off by half and more. The server's clock is followed by the mean
    /// delay of arrivals, a little at a time; the buffer takes up what single frames deviate.</remarks>
    internal sealed class JitterBuffer
    {
        private const double DelayFrames = 1.5;
        private const double Gain = 0.02; // of the running mean
        private const double LostAfter = 0.5; // s off the mean: the server was paused or restarted
        private const int MostFrames = 32;

        private readonly List<PoseFrame> frames = new List<PoseFrame>();
        private readonly Inbox pool;
        private double interval;
        private double lag, playedUntil;
        private int heard;

        public JitterBuffer(Inbox pool, float fps)
        {
            this.pool = pool;
            Fps = fps;
        }

        /// <summary>Frames that the server sends in a second; another number may be asked for in the midst of a stream.</summary>
        public float Fps
        {
            set { interval = 1.0 / value; }
        }

        /// <summary>Takes a frame over. Events of frames that it drops go to `shown`.</summary>
        public void Add(PoseFrame frame, PoseFrame shown)
        {
            double delay = frame.Arrival - frame.ServerTime;
            if (heard > 0 && Math.Abs(delay - lag) > LostAfter) Reset(shown);
            heard++;
            lag += (delay - lag) * Math.Max(Gain, 1.0 / heard);
            if (frames.Count > 0 && frame.ServerTime <= frames[frames.Count - 1].ServerTime)
            {
                Drop(frame, shown);
                return;
            }
            frames.Add(frame);
            if (frames.Count > MostFrames) DropOldest(shown);
        }

        /// <summary>Writes what is to be seen at a time (by <see cref="Clock"/>) into `shown`, and adds the events on the way there; false
        /// when there is nothing.</summary>
        public bool Sample(double now, PoseFrame shown)
        {
            if (frames.Count == 0) return false;
            double time = Math.Max(playedUntil, now - lag - DelayFrames * interval);
            playedUntil = time;
            while (frames.Count > 1 && frames[1].ServerTime <= time) DropOldest(shown);
            PoseFrame from = frames[0];
            TakeEvents(from, shown);
            shown.CopyFrom(from);
            if (frames.Count > 1 && time > from.ServerTime && from.Joints == frames[1].Joints) Blend(from, frames[1], time, shown);
            return true;
        }

        private void Reset(PoseFrame shown)
        {
            while (frames.Count > 0) DropOldest(shown);
            heard = 0;
            lag = 0;
            playedUntil = 0;
        }

        private void DropOldest(PoseFrame shown)
        {
            Drop(frames[0], shown);
            frames.RemoveAt(0);
        }

        private void Drop(PoseFrame frame, PoseFrame shown)
        {
            TakeEvents(frame, shown);
            pool.GiveBack(frame);
        }

        private static void TakeEvents(PoseFrame frame, PoseFrame shown)
        {
            for (int i = 0; i < frame.Events.Count; i++) shown.Events.Add(frame.Events[i]);
            frame.Events.Clear();
        }

        /// <summary>Where a character stands in a frame, -1 if it does not. Frames list them in the same order: most often it is where it is
        /// expected, or shortly behind.</summary>
        private static int Find(PoseFrame frame, int character, int expected)
        {
            for (int i = expected; i < frame.Count; i++)
            {
                if (frame.Characters[i] == character) return i;
            }
            return frame.IndexOf(character);
        }

        /// <summary>Character by character: some may be there in one of the two frames only, since they were spawned or despawned between.</summary>
        private static void Blend(PoseFrame a, PoseFrame b, double time, PoseFrame shown)
        {
            float share = (float)((time - a.ServerTime) / (b.ServerTime - a.ServerTime));
            shown.ServerTime = time;
            for (int i = 0, next = 0; i < a.Count; i++)
            {
                int j = Find(b, a.Characters[i], next);
                if (j < 0) continue;
                next = j + 1;
                if (a.Teleports[i] != b.Teleports[j]) continue; // nothing is between the two places
                int first = i * a.Stride, second = j * b.Stride;
                Lines(a.Poses, first, b.Poses, second, 3, share, shown.Poses);
                for (int at = 3; at < a.Stride; at += 4) Quaternions.Interpolate(a.Poses, first + at, b.Poses, second + at, share, shown.Poses);
                Lines(a.Contacts, 4 * i, b.Contacts, 4 * j, 4, share, shown.Contacts);
                Lines(a.Root, 3 * i, b.Root, 3 * j, 2, share, shown.Root);
                shown.Root[3 * i + 2] = Angle(a.Root[3 * i + 2], b.Root[3 * j + 2], share);
                shown.Phase[i] = Angle(a.Phase[i], b.Phase[j], share);
                if (shown.Phase[i] < 0) shown.Phase[i] += (float)(2 * Math.PI);
            }
        }

        private static void Lines(float[] a, int ia, float[] b, int ib, int count, float share, float[] result)
        {
            for (int i = 0; i < count; i++) result[ia + i] = a[ia + i] + share * (b[ib + i] - a[ia + i]);
        }

        private static float Angle(float a, float b, float share)
        {
            double turn = Math.IEEERemainder(b - a, 2 * Math.PI);
            return (float)Math.IEEERemainder(a + share * turn, 2 * Math.PI);
        }
    }
}
