using System.Reflection;
using Motionwire;
using NUnit.Framework;
using UnityEngine;

namespace MotionwireTests
{
    public sealed class RetargeterTests
    {
        private readonly Figures figures = new Figures();

        /// <summary>However its bones are turned in the T-pose, and where and how large the model stands: its joints are where the skeleton's are.</summary>
        [TestCase(false, 1f)]
        [TestCase(true, 1f)]
        [TestCase(true, 2f)]
        public void JointsAreWhereTheSkeletonHasThem(bool turned, float scale)
        {
            Transform root = new GameObject("model").transform;
            root.SetPositionAndRotation(new Vector3(3, 0, -2), Quaternion.AngleAxis(70, Vector3.up));
            root.localScale = new Vector3(scale, scale, scale);
            Transform[] bones = figures.Bones(root, turned);
            Rig rig = Rig.FromTPose(root, bones);
            var retargeter = new Retargeter(figures.Skeleton, rig);
            Assert.AreEqual(scale, retargeter.Scale, 1e-4f);
            var origin = new Vector3(1, 0.5f, 2);
            Quaternion turn = Quaternion.AngleAxis(-40, Vector3.up);
            for (int i = 0; i < 5; i++)
            {
                float[] pose = figures.Pose();
                retargeter.Apply(pose, 0, origin, turn);
                Vector3[] places = figures.Places(pose);
                for (int joint = 0; joint < bones.Length; joint++)
                {
                    Assert.Less(Vector3.Distance(bones[joint].position, origin + turn * (scale * places[joint])), 1e-4f, figures.Skeleton.Names[joint]);
                }
            }
        }

        /// <summary>Bones that were posed stand in no T-pose: after scripts were reloaded the rig is made of what was kept. Others are looked at.</summary>
        [Test]
        public void ATPoseIsKept()
        {
            Transform root = new GameObject("model").transform;
            Transform[] bones = figures.Bones(root, true), others = figures.Bones(new GameObject("other").transform, true);
            var kept = new TPose();
            Rig first = kept.RigOf(root, bones);
            new Retargeter(figures.Skeleton, first).Apply(figures.Pose(), 0, Vector3.zero, Quaternion.identity);
            Rig again = kept.RigOf(root, (Transform[])bones.Clone()), wrong = Rig.FromTPose(root, bones), another = kept.RigOf(root, others);
            Assert.AreEqual(first.Rotations, again.Rotations);
            Assert.AreEqual(first.Places, again.Places);
            Assert.AreEqual(bones, again.Bones);
            Assert.Greater(figures.Apart(first.Rotations[16], wrong.Rotations[16]), 0.1f);
            Assert.AreEqual(others, another.Bones);
            Assert.Greater(figures.Apart(first.Rotations[16], another.Rotations[16]), 0.1f);
        }

        /// <summary>What Unity does not serialise is gone after a reload.</summary>
        [Test]
        public void ATPoseIsSerialised()
        {
            Assert.IsTrue(typeof(TPose).IsSerializable);
            const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            foreach (FieldInfo field in typeof(TPose).GetFields(all)) Assert.IsTrue(field.IsDefined(typeof(SerializeField), false), field.Name);
            Assert.IsTrue(typeof(MotionwireCharacter).GetField("tPose", all).IsDefined(typeof(SerializeField), false));
        }

        /// <summary>In the T-pose of the skeleton, each bone stands as it stood.</summary>
        [Test]
        public void RestIsRest()
        {
            Transform root = new GameObject("model").transform;
            Transform[] bones = figures.Bones(root, true);
            var before = new Quaternion[bones.Length];
            for (int i = 0; i < bones.Length; i++) before[i] = bones[i].rotation;
            var pose = new float[3 + 4 * bones.Length];
            pose[1] = figures.Skeleton.Offsets[1];
            for (int i = 0; i < bones.Length; i++) pose[6 + 4 * i] = 1;
            new Retargeter(figures.Skeleton, Rig.FromTPose(root, bones)).Apply(pose, 0, Vector3.zero, Quaternion.identity);
            for (int i = 0; i < bones.Length; i++) Assert.Less(figures.Apart(before[i], bones[i].rotation), 1e-4f);
        }

        /// <summary>A model with longer shins: its standing foot comes to where the skeleton's is, the other one stays as posed.</summary>
        [Test]
        public void StandingFeetComeToTheirPlaces()
        {
            Transform root = new GameObject("model").transform;
            Transform[] bones = figures.Bones(root, false);
            bones[7].localPosition = new Vector3(0, -0.43f, 0);
            bones[8].localPosition = new Vector3(0, -0.43f, 0);
            var retargeter = new Retargeter(figures.Skeleton, Rig.FromTPose(root, bones));
            var pose = new float[3 + 4 * bones.Length];
            pose[1] = 0.9f;
            for (int i = 0; i < bones.Length; i++) pose[6 + 4 * i] = 1;
            Quaternion bent = Quaternion.AngleAxis(-25, Vector3.right), back = Quaternion.AngleAxis(50, Vector3.right);
            foreach (int thigh in new[] { 1, 2 })
            {
                pose[3 + 4 * thigh] = bent.x;
                pose[6 + 4 * thigh] = bent.w;
                pose[3 + 4 * (thigh + 3)] = back.x;
                pose[6 + 4 * (thigh + 3)] = back.w;
            }
            retargeter.Apply(pose, 0, Vector3.zero, Quaternion.identity);
            Vector3 right = bones[8].position;
            Quaternion sole = bones[7].rotation;
            retargeter.PlaceFeet(new float[] { 1, 0.5f, 0, 0 }, 0, Vector3.zero, Quaternion.identity);
            Vector3 wanted = figures.Places(pose)[7] + new Vector3(0, 0.06f - 0.09f, 0); // the model's ankle is 3 cm lower in its T-pose
            Assert.Less(Vector3.Distance(bones[7].position, wanted), 1e-3f);
            Assert.Less(figures.Apart(bones[7].rotation, sole), 1e-4f);
            Assert.Less(Vector3.Distance(bones[8].position, right), 1e-5f);
        }

        [Test]
        public void ALegTooShortPointsToItsPlace()
        {
            Transform root = new GameObject("model").transform;
            Transform[] bones = figures.Bones(root, false);
            var goal = new Vector3(0.5f, -1, 0.7f);
            TwoBoneIk.Reach(bones[1], bones[4], bones[7], goal);
            Vector3 hip = bones[1].position;
            Assert.Less(Vector3.Distance((bones[7].position - hip).normalized, (goal - hip).normalized), 1e-3f);
            Assert.AreEqual(0.8f, Vector3.Distance(hip, bones[7].position), 1e-3f);
        }

        [Test]
        public void TheStickFigureIsTheSkeleton()
        {
            Transform root = new GameObject("figure").transform;
            Transform[] bones = MotionwireStickFigure.Build(figures.Skeleton, root, 0.05f);
            var retargeter = new Retargeter(figures.Skeleton, Rig.FromTPose(root, bones));
            float[] pose = figures.Pose();
            retargeter.Apply(pose, 0, Vector3.zero, Quaternion.identity);
            Vector3[] places = figures.Places(pose);
            for (int joint = 0; joint < bones.Length; joint++) Assert.Less(Vector3.Distance(bones[joint].position, places[joint]), 1e-4f);
        }
    }
}
