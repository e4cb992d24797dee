using System;
using System.Collections.Generic;

namespace Motionwire
{
    /// <summary>Poses of some characters at one time, in Unity's axes, in m and rad. Its arrays are kept and may be longer than what
    /// they hold: go by <see cref="Count"/>.</summary>
    public sealed class PoseFrame
    {
        /// <summary>Places of the desired path: 5/6 s ago to 1 s ahead.</summary>
        public const int DesiredPlaces = 12;

        /// <summary>Places of the predicted path, 1/6 s to 1 s ahead.</summary>
        public const int PredictedPlaces = 6;

        /// <summary>Of the step that it answers; in a stream the number of the frame.</summary>
        public long Seq;

        public bool Stream;

        /// <summary>The server's clock, s.</summary>
        public double ServerTime;

        /// <summary>When it came, by this process's clock, s.</summary>
        public double Arrival;

        public int Count;
        public int Joints;

        /// <summary>Which characters, in the order of all arrays.</summary>
        public int[] Characters = new int[0];

        /// <summary>Per character <see cref="Stride"/> numbers: the root joint's place in the world, then each joint's local rotation xyzw,
        /// relative to the T-pose; of length 1 as far as the server keeps to the protocol: <see cref="Skeleton.World"/> sees to it.</summary>
        public float[] Poses = new float[0];

        /// <summary>Gait phase, 0 to 2 pi; 0 in the middle of the left stance.</summary>
        public float[] Phase = new float[0];

        /// <summary>Four per character: left heel, left toe, right heel, right toe; 1 while it stands.</summary>
        public float[] Contacts = new float[0];

        /// <summary>Three per character: motion x, z in the heading frame of the frame before, turn (positive to the right).</summary>
        public float[] RootDelta = new float[0];

        /// <summary>Three per character: x, z and heading (positive to the right) in the world.</summary>
        public float[] Root = new float[0];

        /// <summary>1 while it acts a sentence.</summary>
        public byte[] Acting = new byte[0];

        /// <summary>How many teleports of the character had been answered; see <see cref="MotionwireClient.Teleport"/>.</summary>
        public int[] Teleports = new int[0];

        public readonly List<PoseEvent> Events = new List<PoseEvent>();

        /// <summary>Whether the two paths are there.</summary>
        public bool HasPaths;

        /// <summary>Per character and place: x, z, heading, speed.</summary>
        public float[] Desired = new float[0];

        /// <summary>As Desired, the network's own forecast.</summary>
        public float[] Predicted = new float[0];

        /// <summary>Numbers per character in <see cref="Poses"/>.</summary>
        public int Stride { get { return 3 + 4 * Joints; } }

        /// <summary>Where a character stands in this frame, -1 if it does not.</summary>
        public int IndexOf(int character)
        {
            for (int i = 0; i < Count; i++)
            {
                if (Characters[i] == character) return i;
            }
            return -1;
        }

        internal void Resize(int count, int joints)
        {
            Count = count;
            Joints = joints;
            Fit(ref Characters, count);
            Fit(ref Poses, count * Stride);
            Fit(ref Phase, count);
            Fit(ref Contacts, 4 * count);
            Fit(ref RootDelta, 3 * count);
            Fit(ref Root, 3 * count);
            Fit(ref Acting, count);
            Fit(ref Teleports, count);
        }

        internal void ResizePaths()
        {
            HasPaths = true;
            Fit(ref Desired, 4 * DesiredPlaces * Count);
            Fit(ref Predicted, 4 * PredictedPlaces * Count);
        }

        /// <summary>All but the events of another frame.</summary>
        internal void CopyFrom(PoseFrame other)
        {
            Resize(other.Count, other.Joints);
            Seq = other.Seq;
            Stream = other.Stream;
            ServerTime = other.ServerTime;
            Arrival = other.Arrival;
            Array.Copy(other.Characters, Characters, Count);
            Array.Copy(other.Poses, Poses, Count * Stride);
            Array.Copy(other.Phase, Phase, Count);
            Array.Copy(other.Contacts, Contacts, 4 * Count);
            Array.Copy(other.RootDelta, RootDelta, 3 * Count);
            Array.Copy(other.Root, Root, 3 * Count);
            Array.Copy(other.Acting, Acting, Count);
            Array.Copy(other.Teleports, Teleports, Count);
            HasPaths = false;
            if (!other.HasPaths) return;
            ResizePaths();
            Array.Copy(other.Desired, Desired, 4 * DesiredPlaces * Count);
            Array.Copy(other.Predicted, Predicted, 4 * PredictedPlaces * Count);
        }

        private static void Fit<T>(ref T[] array, int length)
        {
            if (array.Length < length) array = new T[length];
        }
    }
}
