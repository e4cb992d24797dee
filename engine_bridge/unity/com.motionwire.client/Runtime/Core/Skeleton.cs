namespace Motionwire
{
    /// <summary>The joints that poses speak of, as the server's welcome describes them, in Unity's axes.</summary>
    public sealed class Skeleton
    {
        /// <summary>The joints' names, parents first.</summary>
        public readonly string[] Names;

        /// <summary>Each joint's parent, -1 for the root.</summary>
        public readonly int[] Parents;

        /// <summary>Rest offsets xyz in m of each joint from its parent, the root's from the ground.</summary>
        public readonly float[] Offsets;

        public Skeleton(string[] names, int[] parents, float[] offsets)
        {
            if (names.Length == 0 || parents.Length != names.Length || offsets.Length != 3 * names.Length)
            {
                throw new ProtocolException("a skeleton of " + names.Length + " names, " + parents.Length + " parents and " + offsets.Length + " offsets");
            }
            for (int joint = 0; joint < parents.Length; joint++)
            {
                if (joint == 0 ? parents[joint] != -1 : parents[joint] < 0 || parents[joint] >= joint)
                {
                    throw new ProtocolException("parent " + parents[joint] + " of joint " + joint);
                }
            }
            Names = names;
            Parents = parents;
            Offsets = offsets;
        }

        public int Count { get { return Names.Length; } }

        /// <summary>A joint's index, -1 if there is none of that name.</summary>
        public int Find(string name) { return System.Array.IndexOf(Names, name); }

        /// <summary>Forward kinematics: world positions xyz and rotations xyzw (of length 1) of all joints from one pose, which lies at `first`
        /// in `pose` as the root's position and each joint's local rotation.</summary>
        public void World(float[] pose, int first, float[] positions, float[] rotations)
        {
            for (int joint = 0; joint < Parents.Length; joint++)
            {
                int local = first + 3 + 4 * joint, parent = Parents[joint];
                if (parent < 0)
                {
                    System.Array.Copy(pose, first, positions, 0, 3);
                    System.Array.Copy(pose, local, rotations, 0, 4);
                    Quaternions.Normalise(rotations, 0);
                    continue;
                }
                Quaternions.Rotate(rotations, 4 * parent, Offsets, 3 * joint, positions, 3 * joint);
                for (int axis = 0; axis < 3; axis++) positions[3 * joint + axis] += positions[3 * parent + axis];
                Quaternions.Multiply(rotations, 4 * parent, pose, local, rotations, 4 * joint);
                Quaternions.Normalise(rotations, 4 * joint); // an engine's transforms take nothing else
            }
        }
    }
}
