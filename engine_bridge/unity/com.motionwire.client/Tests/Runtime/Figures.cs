using Motionwire;
using UnityEngine;

namespace MotionwireTests
{
    /// <summary>A small skeleton with arms and legs, poses for it, and rigs that stand as oddly as real ones do.</summary>
    internal sealed class Figures
    {
        public readonly Skeleton Skeleton = new Skeleton(
            new[] { "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle", "spine3", "left_foot",
                "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist" },
            new[] { -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19 },
            new[] { 0, 0.95f, 0, -0.1f, -0.06f, 0, 0.1f, -0.06f, 0, 0, 0.12f, 0, 0, -0.4f, 0, 0, -0.4f, 0, 0, 0.13f, 0, 0, -0.4f, 0, 0, -0.4f, 0, 0,
                0.06f, 0, 0, -0.06f, 0.13f, 0, -0.06f, 0.13f, 0, 0.2f, 0, -0.07f, 0.12f, 0, 0.07f, 0.12f, 0, 0, 0.1f, 0, -0.1f, 0.03f, 0, 0.1f, 0.03f, 0,
                -0.26f, 0, 0, 0.26f, 0, 0, -0.25f, 0, 0, 0.25f, 0, 0 });

        private readonly System.Random chance = new System.Random(4);

        /// <summary>A pose with every joint turned.</summary>
        public float[] Pose()
        {
            var pose = new float[3 + 4 * Skeleton.Count];
            for (int i = 0; i < 3; i++) pose[i] = (float)chance.NextDouble();
            for (int joint = 0; joint < Skeleton.Count; joint++) Write(Turn(), pose, 3 + 4 * joint);
            return pose;
        }

        public Quaternion Turn()
        {
            var axis = new Vector3((float)chance.NextDouble() - 0.5f, (float)chance.NextDouble() - 0.5f, (float)chance.NextDouble() - 0.5f);
            return Quaternion.AngleAxis(160 * (float)chance.NextDouble(), axis);
        }

        /// <summary>Bones that stand in the skeleton's T-pose, each turned in itself, with a bone in between that nobody moves.</summary>
        public Transform[] Bones(Transform root, bool turned)
        {
            var bones = new Transform[Skeleton.Count];
            for (int joint = 0; joint < bones.Length; joint++)
            {
                int parent = Skeleton.Parents[joint];
                Vector3 offset = Offset(joint);
                Transform above = parent < 0 ? root : bones[parent];
                Vector3 place = parent < 0 ? root.TransformPoint(offset) : above.position + root.rotation * (root.lossyScale.x * offset);
                if (turned && Skeleton.Names[joint] == "left_elbow") above = Below(above, "twist", above.position, Turn());
                bones[joint] = Below(above, Skeleton.Names[joint], place, turned ? Turn() : root.rotation);
            }
            return bones;
        }

        public Vector3 Offset(int joint) { return new Vector3(Skeleton.Offsets[3 * joint], Skeleton.Offsets[3 * joint + 1], Skeleton.Offsets[3 * joint + 2]); }

        /// <summary>Where forward kinematics puts the joints.</summary>
        public Vector3[] Places(float[] pose)
        {
            float[] positions = new float[3 * Skeleton.Count], rotations = new float[4 * Skeleton.Count];
            Skeleton.World(pose, 0, positions, rotations);
            var places = new Vector3[Skeleton.Count];
            for (int i = 0; i < places.Length; i++) places[i] = new Vector3(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
            return places;
        }

        /// <summary>How far two rotations take the same points, a metre away, apart.</summary>
        public float Apart(Quaternion a, Quaternion b)
        {
            return Mathf.Max(Vector3.Distance(a * Vector3.right, b * Vector3.right), Vector3.Distance(a * Vector3.up, b * Vector3.up));
        }

        private static Transform Below(Transform parent, string name, Vector3 place, Quaternion turn)
        {
            Transform made = new GameObject(name).transform;
            made.SetParent(parent, false);
            made.position = place;
            made.rotation = turn;
            return made;
        }

        private static void Write(Quaternion q, float[] values, int at)
        {
            values[at] = q.x;
            values[at + 1] = q.y;
            values[at + 2] = q.z;
            values[at + 3] = q.w;
        }
    }
}
