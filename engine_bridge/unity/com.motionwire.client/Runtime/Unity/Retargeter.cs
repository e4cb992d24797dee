using UnityEngine;

namespace Motionwire
{
    /// <summary>Poses a rig. In their T-poses both stand alike, so a bone's world rotation is the joint's, times how the bone stands in its
    /// T-pose; only the hips are moved. All of the motion is scaled to the rig's legs, so that feet do not slide.</summary>
    public sealed class Retargeter
    {
        private readonly Skeleton skeleton;
        private readonly Rig rig;
        private readonly float[] positions, rotations;
        private readonly int[] thighs, shins, ankles;

        public Retargeter(Skeleton skeleton, Rig rig)
        {
            this.skeleton = skeleton;
            this.rig = rig;
            positions = new float[3 * skeleton.Count];
            rotations = new float[4 * skeleton.Count];
            thighs = new[] { skeleton.Find("left_hip"), skeleton.Find("right_hip") };
            shins = new[] { skeleton.Find("left_knee"), skeleton.Find("right_knee") };
            ankles = new[] { skeleton.Find("left_ankle"), skeleton.Find("right_ankle") };
            float stands = rig.Places[0].y * rig.Root.lossyScale.y;
            float stood = skeleton.Offsets[1];
            Scale = stands > 0.01f && stood > 0.01f ? stands / stood : 1;
        }

        /// <summary>Height of the rig's hips over the skeleton's: metres in the scene for a metre on the wire.</summary>
        public float Scale { get; private set; }

        /// <summary>Poses the rig by the numbers that begin at `first`. Places become `origin + turn * (Scale * place)`.</summary>
        public void Apply(float[] pose, int first, Vector3 origin, Quaternion turn)
        {
            skeleton.World(pose, first, positions, rotations);
            for (int joint = 0; joint < rig.Bones.Length; joint++)
            {
                Transform bone = rig.Bones[joint];
                if (bone == null) continue;
                var world = new Quaternion(rotations[4 * joint], rotations[4 * joint + 1], rotations[4 * joint + 2], rotations[4 * joint + 3]);
                if (joint == 0) bone.position = Place(0, origin, turn);
                bone.rotation = turn * world * rig.Rotations[joint];
            }
        }

        /// <summary>After Apply: bends the legs so that ankles are where the skeleton's are, as much as each foot stands (four contacts from
        /// `firstContact`), and by as much higher or lower as the rig's ankle is in its T-pose.</summary>
        public void PlaceFeet(float[] contacts, int firstContact, Vector3 origin, Quaternion turn)
        {
            for (int side = 0; side < 2; side++)
            {
                int ankle = ankles[side];
                if (ankle < 0 || thighs[side] < 0 || shins[side] < 0) continue;
                Transform thigh = rig.Bones[thighs[side]], shin = rig.Bones[shins[side]], foot = rig.Bones[ankle];
                if (thigh == null || shin == null || foot == null) continue;
                float weight = Mathf.Clamp01(Mathf.Max(contacts[firstContact + 2 * side], contacts[firstContact + 2 * side + 1]));
                float higher = rig.Places[ankle].y * rig.Root.lossyScale.y - Scale * RestHeight(ankle);
                Vector3 goal = Place(ankle, origin, turn) + new Vector3(0, higher, 0);
                TwoBoneIk.Reach(thigh, shin, foot, Vector3.Lerp(foot.position, goal, weight));
            }
        }

        private Vector3 Place(int joint, Vector3 origin, Quaternion turn)
        {
            return origin + turn * (Scale * new Vector3(positions[3 * joint], positions[3 * joint + 1], positions[3 * joint + 2]));
        }

        private float RestHeight(int joint)
        {
            float height = 0;
            for (int at = joint; at >= 0; at = skeleton.Parents[at]) height += skeleton.Offsets[3 * at + 1];
            return height;
        }
    }
}
