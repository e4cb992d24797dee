using System.Collections.Generic;
using Motionwire;
using NUnit.Framework;
using UnityEngine;

namespace MotionwireTests
{
    /// <summary>Humanoid avatars, which without an engine are the stand-ins' own: T-poses from their description, spines of fewer bones.</summary>
    public sealed class AvatarRigTests
    {
        private static readonly HumanBodyBones[] Humans =
        {
            HumanBodyBones.Hips, HumanBodyBones.LeftUpperLeg, HumanBodyBones.RightUpperLeg, HumanBodyBones.Spine, HumanBodyBones.LeftLowerLeg,
            HumanBodyBones.RightLowerLeg, HumanBodyBones.Chest, HumanBodyBones.LeftFoot, HumanBodyBones.RightFoot, HumanBodyBones.UpperChest,
            HumanBodyBones.LeftToes, HumanBodyBones.RightToes, HumanBodyBones.Neck, HumanBodyBones.LeftShoulder, HumanBodyBones.RightShoulder,
            HumanBodyBones.Head, HumanBodyBones.LeftUpperArm, HumanBodyBones.RightUpperArm, HumanBodyBones.LeftLowerArm,
            HumanBodyBones.RightLowerArm, HumanBodyBones.LeftHand, HumanBodyBones.RightHand,
        };

        private readonly Figures figures = new Figures();

        /// <summary>The model stands in some other pose when it is met: only the avatar's description says how its T-pose is.</summary>
        [Test]
        public void TheTPoseIsTheAvatars()
        {
            Transform[] bones;
            Animator animator = Humanoid(figures, out bones);
            Rig rig = Rig.FromAvatar(animator, figures.Skeleton);
            float[] pose = figures.Pose();
            new Retargeter(figures.Skeleton, rig).Apply(pose, 0, Vector3.zero, Quaternion.identity);
            Vector3[] places = figures.Places(pose);
            for (int joint = 0; joint < bones.Length; joint++) Assert.Less(Vector3.Distance(bones[joint].position, places[joint]), 1e-4f);
        }

        [TestCase(true, true)]
        [TestCase(false, true)]
        [TestCase(false, false)]
        public void ShortSpinesKeepTheUpperJoints(bool hasUpperChest, bool hasChest)
        {
            Transform[] bones;
            Animator animator = Humanoid(figures, out bones);
            if (!hasUpperChest) animator.Bones.Remove(HumanBodyBones.UpperChest);
            if (!hasChest) animator.Bones.Remove(HumanBodyBones.Chest);
            Rig rig = Rig.FromAvatar(animator, figures.Skeleton);
            Transform top = bones[hasUpperChest ? 9 : hasChest ? 6 : 3];
            Assert.AreSame(top, rig.Bones[9]);
            var used = new HashSet<Transform>();
            foreach (Transform bone in rig.Bones)
            {
                if (bone != null) Assert.IsTrue(used.Add(bone), "two joints move " + bone.name);
            }
        }

        [Test]
        public void WithoutHipsThereIsNoRig()
        {
            Transform[] bones;
            Animator animator = Humanoid(figures, out bones);
            animator.Bones.Remove(HumanBodyBones.Hips);
            Assert.IsNull(Rig.FromAvatar(animator, figures.Skeleton));
        }

        /// <summary>A model whose bones are turned in themselves, described in its T-pose, then left in another pose.</summary>
        internal static Animator Humanoid(Figures figures, out Transform[] bones)
        {
            var model = new GameObject("model");
            bones = figures.Bones(model.transform, true);
            var described = new List<SkeletonBone>();
            Describe(model.transform, described);
            var animator = model.AddComponent<Animator>();
            animator.avatar = new Avatar { isHuman = true, isValid = true, humanDescription = new HumanDescription { skeleton = described.ToArray() } };
            for (int joint = 0; joint < bones.Length; joint++)
            {
                animator.Bones[Humans[joint]] = bones[joint];
                bones[joint].localRotation = bones[joint].localRotation * Quaternion.AngleAxis(30, Vector3.up);
            }
            return animator;
        }

        private static void Describe(Transform at, List<SkeletonBone> described)
        {
            described.Add(new SkeletonBone { name = at.name, position = at.localPosition, rotation = at.localRotation, scale = at.localScale });
            for (int i = 0; i < at.childCount; i++) Describe(at.GetChild(i), described);
        }
    }
}
