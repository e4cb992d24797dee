using System.Reflection;
using System.Threading;
using Motionwire;
using MotionwireEditor;
using NUnit.Framework;
using UnityEngine;

namespace MotionwireTests
{
    /// <summary>A clip from the real server, baked.</summary>
    public sealed class ClipBakeTests
    {
        private const int Frames = 20;
        private GeneratedClip generated;
        private Skeleton skeleton;

        [TestFixtureSetUp]
        public void Generate()
        {
            using (var client = new MotionwireClient(new ClientOptions { Port = Scene.Port }))
            {
                for (int i = 0; i < 2000 && client.State != ClientState.Open; i++) Thread.Sleep(10);
                skeleton = client.Welcome.Skeleton;
                generated = client.Generate("a person walks", Frames, 1);
                for (int i = 0; i < 2000 && !generated.Ended; i++) Thread.Sleep(10);
            }
            Assert.IsNull(generated.Problem);
            Assert.AreEqual(Frames, generated.Frames);
        }

        /// <summary>Played back, the curves put the bones where the last frame has them.</summary>
        [Test]
        public void GenericCurvesPlayThePoses()
        {
            Transform[] bones;
            Rig rig = Rig.FromAvatar(AvatarRigTests.Humanoid(new Figures(), out bones), skeleton);
            AnimationClip clip = ClipBake.Generic(generated, skeleton, rig);
            var wanted = new Vector3[bones.Length];
            for (int i = 0; i < bones.Length; i++) wanted[i] = bones[i].position;
            foreach (Transform bone in bones) bone.localRotation = Quaternion.identity;
            foreach (Transform bone in bones) Play(clip, bone, rig.Root);
            for (int i = 0; i < bones.Length; i++) Assert.Less(Vector3.Distance(bones[i].position, wanted[i]), 1e-4f);
            Assert.AreEqual(4 * 22 + 3, clip.Curves.Count);
            Assert.AreEqual(30, clip.frameRate);
        }

        [Test]
        public void HumanoidCurvesAreRootAndBodyMuscles()
        {
            Transform[] bones;
            Animator animator = AvatarRigTests.Humanoid(new Figures(), out bones);
            AnimationClip clip = ClipBake.Humanoid(generated, skeleton, Rig.FromAvatar(animator, skeleton), animator.avatar);
            Assert.AreEqual(7 + 55, clip.Curves.Count);
            Assert.AreEqual(Frames, clip.Curves[":RootT.x"].Keys.Count);
            Assert.IsFalse(clip.Curves.ContainsKey(":Left Thumb 55"));
        }

        /// <summary>Wherever the model stands in the scene, its clip begins at the origin; and rotations go the short way.</summary>
        [Test]
        public void HumanoidRootMotionIsTheClips()
        {
            Transform[] bones;
            Animator animator = AvatarRigTests.Humanoid(new Figures(), out bones);
            animator.transform.SetPositionAndRotation(new Vector3(30, 2, -7), Quaternion.AngleAxis(90, Vector3.up));
            AnimationClip clip = ClipBake.Humanoid(generated, skeleton, Rig.FromAvatar(animator, skeleton), animator.avatar);
            var pose = new float[3 + 4 * skeleton.Count];
            generated.CopyFrame(0, pose);
            for (int i = 0; i < 3; i++) Assert.AreEqual(pose[i], clip.Curves[":RootT." + "xyz"[i]].Keys[0].value, 0.05f);
            foreach (Keyframe key in clip.Curves[":RootQ.w"].Keys) Assert.AreEqual(1, key.value, 1e-4f);
        }

        /// <summary>Of a window that found no server.</summary>
        [Test]
        public void TheWindowCanCancelAndAskAgain()
        {
            var window = new MotionwireClipBaker();
            for (int i = 0; i < 2; i++)
            {
                Call(window, "Ask");
                Assert.IsNotNull(Client(window));
                Call(window, "Tick");
                Call(window, "Cancel");
                Assert.IsNull(Client(window));
            }
        }

        private static void Call(MotionwireClipBaker window, string message)
        {
            typeof(MotionwireClipBaker).GetMethod(message, BindingFlags.Instance | BindingFlags.NonPublic).Invoke(window, null);
        }

        private static object Client(MotionwireClipBaker window)
        {
            return typeof(MotionwireClipBaker).GetField("client", BindingFlags.Instance | BindingFlags.NonPublic).GetValue(window);
        }

        private static void Play(AnimationClip clip, Transform bone, Transform root)
        {
            string path = bone.name;
            for (Transform at = bone.parent; at != root; at = at.parent) path = at.name + "/" + path;
            bone.localRotation = new Quaternion(Last(clip, path, "localRotation.x"), Last(clip, path, "localRotation.y"),
                Last(clip, path, "localRotation.z"), Last(clip, path, "localRotation.w"));
            if (bone.parent != root) return;
            bone.localPosition = new Vector3(Last(clip, path, "localPosition.x"), Last(clip, path, "localPosition.y"), Last(clip, path, "localPosition.z"));
        }

        private static float Last(AnimationClip clip, string path, string property) { return clip.Curves[path + ":" + property].Keys[Frames - 1].value; }
    }
}
