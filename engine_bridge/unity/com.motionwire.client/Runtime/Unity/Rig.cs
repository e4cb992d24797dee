using System.Collections.Generic;
using UnityEngine;

namespace Motionwire
{
    /// <summary>The bones of a character that follow the joints, and how they stand in its T-pose.</summary>
    public sealed class Rig
    {
        /// <summary>The transform that the T-pose is told in.</summary>
        public readonly Transform Root;

        /// <summary>The bone of each joint, parents first; null where the rig has none.</summary>
        public readonly Transform[] Bones;

        /// <summary>Each bone's place and rotation in the T-pose, in the root's axes.</summary>
        public readonly Vector3[] Places;
        public readonly Quaternion[] Rotations;

        private Rig(Transform root, int joints)
        {
            Root = root;
            Bones = new Transform[joints];
            Places = new Vector3[joints];
            Rotations = new Quaternion[joints];
        }

        /// <summary>From a Humanoid avatar: bones by their human names, the T-pose from the avatar's own description. Null if it has no hips.</summary>
        public static Rig FromAvatar(Animator animator, Skeleton skeleton)
        {
            var rig = new Rig(animator.transform, skeleton.Count);
            var standing = new Dictionary<string, SkeletonBone>();
            foreach (SkeletonBone bone in animator.avatar.humanDescription.skeleton) standing[bone.name] = bone;
            for (int joint = 0; joint < skeleton.Count; joint++)
            {
                HumanBodyBones human;
                if (TryHuman(skeleton.Names[joint], animator, out human)) rig.Bones[joint] = animator.GetBoneTransform(human);
                if (rig.Bones[joint] != null) rig.Stand(joint, standing);
            }
            return rig.Bones[0] == null ? null : rig;
        }

        /// <summary>From bones that stand in a T-pose now, facing their root's +Z; one for each joint, null where there is none.</summary>
        public static Rig FromTPose(Transform root, Transform[] bones)
        {
            var rig = new Rig(root, bones.Length);
            var nothingElse = new Dictionary<string, SkeletonBone>();
            for (int joint = 0; joint < bones.Length; joint++)
            {
                rig.Bones[joint] = bones[joint];
                if (bones[joint] != null) rig.Stand(joint, nothingElse);
            }
            return rig.Bones[0] == null ? null : rig;
        }

        /// <summary>From bones that stood in a T-pose like this, facing their root's +Z.</summary>
        internal static Rig FromTPose(Transform root, Transform[] bones, Vector3[] places, Quaternion[] rotations)
        {
            var rig = new Rig(root, bones.Length);
            bones.CopyTo(rig.Bones, 0);
            places.CopyTo(rig.Places, 0);
            rotations.CopyTo(rig.Rotations, 0);
            return rig.Bones[0] == null ? null : rig;
        }

        /// <summary>Place and rotation of a bone from its ancestors' local ones: as the avatar describes them, else as they are.</summary>
        private void Stand(int joint, Dictionary<string, SkeletonBone> standing)
        {
            Vector3 place = Vector3.zero;
            Quaternion rotation = Quaternion.identity;
            for (Transform at = Bones[joint]; at != null && at != Root; at = at.parent)
            {
                SkeletonBone described;
                bool known = standing.TryGetValue(at.name, out described);
                Quaternion turn = known ? described.rotation : at.localRotation;
                place = (known ? described.position : at.localPosition) + turn * Vector3.Scale(known ? described.scale : at.localScale, place);
                rotation = turn * rotation;
            }
            Places[joint] = place;
            Rotations[joint] = rotation;
        }

        /// <summary>The human bone of a joint. A spine of fewer bones than the skeleton's keeps the upper ones: they carry the arms.</summary>
        private static bool TryHuman(string joint, Animator animator, out HumanBodyBones human)
        {
            bool upper = animator.GetBoneTransform(HumanBodyBones.UpperChest) != null, chest = animator.GetBoneTransform(HumanBodyBones.Chest) != null;
            switch (joint)
            {
                case "pelvis": human = HumanBodyBones.Hips; return true;
                case "left_hip": human = HumanBodyBones.LeftUpperLeg; return true;
                case "right_hip": human = HumanBodyBones.RightUpperLeg; return true;
                case "left_knee": human = HumanBodyBones.LeftLowerLeg; return true;
                case "right_knee": human = HumanBodyBones.RightLowerLeg; return true;
                case "left_ankle": human = HumanBodyBones.LeftFoot; return true;
                case "right_ankle": human = HumanBodyBones.RightFoot; return true;
                case "left_foot": human = HumanBodyBones.LeftToes; return true;
                case "right_foot": human = HumanBodyBones.RightToes; return true;
                case "spine1": human = HumanBodyBones.Spine; return upper || chest;
                case "spine2": human = HumanBodyBones.Chest; return upper;
                case "spine3": human = upper ? HumanBodyBones.UpperChest : chest ? HumanBodyBones.Chest : HumanBodyBones.Spine; return true;
                case "neck": human = HumanBodyBones.Neck; return true;
                case "head": human = HumanBodyBones.Head; return true;
                case "left_collar": human = HumanBodyBones.LeftShoulder; return true;
                case "right_collar": human = HumanBodyBones.RightShoulder; return true;
                case "left_shoulder": human = HumanBodyBones.LeftUpperArm; return true;
                case "right_shoulder": human = HumanBodyBones.RightUpperArm; return true;
                case "left_elbow": human = HumanBodyBones.LeftLowerArm; return true;
                case "right_elbow": human = HumanBodyBones.RightLowerArm; return true;
                case "left_wrist": human = HumanBodyBones.LeftHand; return true;
                case "right_wrist": human = HumanBodyBones.RightHand; return true;
                default: human = HumanBodyBones.LastBone; return false;
            }
        }
    }
}
