using System.Collections.Generic;
using Motionwire;
using UnityEngine;

namespace MotionwireEditor
{
    /// <summary>Turns the poses of a generated clip into an animation of one model: humanoid (muscles, plays on any Humanoid) or generic
    /// (transform curves of this model's bones).</summary>
    public static class ClipBake
    {
        private const int BodyMuscles = 55; // the muscles of fingers follow; the skeleton has none

        /// <summary>Transform curves for the bones of a rig; the hips carry the root's motion. The rig is left in the last pose.</summary>
        public static AnimationClip Generic(GeneratedClip source, Skeleton skeleton, Rig rig)
        {
            var retargeter = new Retargeter(skeleton, rig);
            var curves = new Dictionary<string, AnimationCurve[]>();
            var pose = new float[3 + 4 * skeleton.Count];
            for (int frame = 0; frame < source.Frames; frame++)
            {
                Pose(retargeter, source, frame, pose, rig.Root);
                float time = frame / source.Fps;
                for (int joint = 0; joint < rig.Bones.Length; joint++)
                {
                    Transform bone = rig.Bones[joint];
                    if (bone == null) continue;
                    string path = PathOf(bone, rig.Root);
                    Quaternion r = bone.localRotation;
                    Add(curves, path + ":localRotation", time, r.x, r.y, r.z, r.w);
                    Vector3 p = bone.localPosition;
                    if (joint == 0) Add(curves, path + ":localPosition", time, p.x, p.y, p.z);
                }
            }
            var clip = new AnimationClip { name = source.Text, frameRate = source.Fps };
            foreach (KeyValuePair<string, AnimationCurve[]> entry in curves)
            {
                int split = entry.Key.LastIndexOf(':');
                for (int i = 0; i < entry.Value.Length; i++)
                {
                    clip.SetCurve(entry.Key.Substring(0, split), typeof(Transform), entry.Key.Substring(split + 1) + "." + "xyzw"[i], entry.Value[i]);
                }
            }
            clip.EnsureQuaternionContinuity();
            return clip;
        }

        /// <summary>Muscle curves and root motion for a Humanoid avatar, from the scene's origin on: Unity tells a human pose's body in the world. The
        /// model is left there, in the last pose.</summary>
        public static AnimationClip Humanoid(GeneratedClip source, Skeleton skeleton, Rig rig, Avatar avatar)
        {
            var retargeter = new Retargeter(skeleton, rig);
            var pose = new float[3 + 4 * skeleton.Count];
            var human = new HumanPose();
            string[] muscles = HumanTrait.MuscleName;
            var body = new AnimationCurve[7 + BodyMuscles];
            for (int i = 0; i < body.Length; i++) body[i] = new AnimationCurve();
            Quaternion before = Quaternion.identity;
            rig.Root.SetPositionAndRotation(Vector3.zero, Quaternion.identity);
            using (var handler = new HumanPoseHandler(avatar, rig.Root))
            {
                for (int frame = 0; frame < source.Frames; frame++)
                {
                    Pose(retargeter, source, frame, pose, rig.Root);
                    handler.GetHumanPose(ref human);
                    float time = frame / source.Fps;
                    Vector3 p = human.bodyPosition;
                    Quaternion r = human.bodyRotation;
                    if (Quaternion.Dot(before, r) < 0) r = new Quaternion(-r.x, -r.y, -r.z, -r.w); // or the curves would go the long way round
                    before = r;
                    float[] root = { p.x, p.y, p.z, r.x, r.y, r.z, r.w };
                    for (int i = 0; i < 7; i++) body[i].AddKey(time, root[i]);
                    for (int i = 0; i < BodyMuscles; i++) body[7 + i].AddKey(time, human.muscles[i]);
                }
            }
            var clip = new AnimationClip { name = source.Text, frameRate = source.Fps };
            for (int i = 0; i < 7; i++) clip.SetCurve("", typeof(Animator), i < 3 ? "RootT." + "xyz"[i] : "RootQ." + "xyzw"[i - 3], body[i]);
            for (int i = 0; i < BodyMuscles; i++) clip.SetCurve("", typeof(Animator), muscles[i], body[7 + i]);
            clip.EnsureQuaternionContinuity();
            return clip;
        }

        private static void Pose(Retargeter retargeter, GeneratedClip source, int frame, float[] pose, Transform root)
        {
            source.CopyFrame(frame, pose);
            retargeter.Apply(pose, 0, root.position, root.rotation);
        }

        private static void Add(Dictionary<string, AnimationCurve[]> curves, string key, float time, params float[] values)
        {
            AnimationCurve[] found;
            if (!curves.TryGetValue(key, out found))
            {
                found = new AnimationCurve[values.Length];
                for (int i = 0; i < found.Length; i++) found[i] = new AnimationCurve();
                curves.Add(key, found);
            }
            for (int i = 0; i < found.Length; i++) found[i].AddKey(time, values[i]);
        }

        private static string PathOf(Transform bone, Transform root)
        {
            string path = bone.name;
            for (Transform at = bone.parent; at != null && at != root; at = at.parent) path = at.name + "/" + path;
            return path;
        }
    }
}
