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
        private readonly double interval;
        private double lag, playedUntil;
        private int heard;

        public JitterBuffer(Inbox pool, float fps)
        {
            this.pool = pool;
            interval = 1.0 / fps;
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
            if (frames.Count > 1 && time > from.ServerTime && SameCharacters(from, frames[1])) Blend(from, frames[1], time, shown);
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

        private static bool SameCharacters(PoseFrame a, PoseFrame b)
        {
            if (a.Count != b.Count || a.Joints != b.Joints) return false;
            for (int i = 0; i < a.Count; i++)
            {
                if (a.Characters[i] != b.Characters[i]) return false;
            }
            return true;
        }

        private static void Blend(PoseFrame a, PoseFrame b, double time, PoseFrame shown)
        {
            float share = (float)((time - a.ServerTime) / (b.ServerTime - a.ServerTime));
            shown.ServerTime = time;
            for (int i = 0; i < a.Count; i++)
            {
                if (a.Teleports[i] != b.Teleports[i]) continue; // nothing is between the two places
                int first = i * a.Stride;
                Lines(a.Poses, b.Poses, first, 3, share, shown.Poses);
                for (int joint = 0; joint < a.Joints; joint++) Quaternions.Interpolate(a.Poses, b.Poses, first + 3 + 4 * joint, share, shown.Poses);
                Lines(a.Contacts, b.Contacts, 4 * i, 4, share, shown.Contacts);
                Lines(a.Root, b.Root, 3 * i, 2, share, shown.Root);
                shown.Root[3 * i + 2] = Angle(a.Root[3 * i + 2], b.Root[3 * i + 2], share);
                shown.Phase[i] = Angle(a.Phase[i], b.Phase[i], share);
                if (shown.Phase[i] < 0) shown.Phase[i] += (float)(2 * Math.PI);
            }
        }

        private static void Lines(float[] a, float[] b, int first, int count, float share, float[] result)
        {
            for (int i = first; i < first + count; i++) result[i] = a[i] + share * (b[i] - a[i]);
        }

        private static float Angle(float a, float b, float share)
        {
            double turn = Math.IEEERemainder(b - a, 2 * Math.PI);
            return (float)Math.IEEERemainder(a + share * turn, 2 * Math.PI);
        }
    }
}
