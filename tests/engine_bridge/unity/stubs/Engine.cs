using System;
using System.Collections.Generic;

namespace UnityEngine
{
    [AttributeUsage(AttributeTargets.Field)] public sealed class SerializeField : Attribute { }
    [AttributeUsage(AttributeTargets.Field)] public sealed class HideInInspector : Attribute { }
    public sealed class TooltipAttribute : Attribute { public TooltipAttribute(string text) { } }
    public sealed class HeaderAttribute : Attribute { public HeaderAttribute(string text) { } }
    public sealed class RangeAttribute : Attribute { public RangeAttribute(float least, float most) { } }
    public sealed class AddComponentMenu : Attribute { public AddComponentMenu(string name) { } }
    public sealed class DisallowMultipleComponent : Attribute { }
    public sealed class DefaultExecutionOrder : Attribute { public DefaultExecutionOrder(int order) { } }
    public sealed class RequireComponent : Attribute { public RequireComponent(Type type) { } }

    public static class Time { public static float deltaTime = 1 / 60f; }

    public static class Application { public static string unityVersion { get { return "stub"; } } }

    public static class Debug
    {
        public static readonly List<string> Said = new List<string>();
        public static void Log(object message, Object context = null) { Said.Add("log: " + message); }
        public static void LogWarning(object message, Object context = null) { Said.Add("warning: " + message); }
        public static void LogError(object message, Object context = null) { Said.Add("error: " + message); }
    }

    public static class Gizmos
    {
        public static int Drawn;
        public static Color color { get; set; }
        public static void DrawLine(Vector3 a, Vector3 b) { Drawn++; }
        public static void DrawSphere(Vector3 centre, float radius) { Drawn++; }
        public static void DrawWireSphere(Vector3 centre, float radius) { Drawn++; }
    }

    public class Camera : Behaviour { public static Camera main { get { return null; } } }

    public enum KeyCode { LeftShift, Return }

    public static class Input
    {
        public static float GetAxisRaw(string axis) { return 0; }
        public static bool GetKey(KeyCode key) { return false; }
    }

    public static class GUILayout
    {
        public static void BeginArea(Rect area) { }
        public static void EndArea() { }
        public static void BeginHorizontal() { }
        public static void EndHorizontal() { }
        public static void Label(string text) { }
        public static string TextField(string text) { return text; }
        public static bool Button(string text) { return false; }
    }

    public static class GUIUtility { public static void ExitGUI() { } }

    public static class Screen { public static int width { get { return 1280; } } }

    public enum HumanBodyBones
    {
        Hips, LeftUpperLeg, RightUpperLeg, LeftLowerLeg, RightLowerLeg, LeftFoot, RightFoot, Spine, Chest, Neck, Head, LeftShoulder,
        RightShoulder, LeftUpperArm, RightUpperArm, LeftLowerArm, RightLowerArm, LeftHand, RightHand, LeftToes, RightToes, LeftEye, RightEye,
        Jaw, UpperChest = 54, LastBone = 55
    }

    public struct SkeletonBone { public string name; public Vector3 position; public Quaternion rotation; public Vector3 scale; }
    public struct HumanBone { public string boneName, humanName; }
    public struct HumanDescription { public HumanBone[] human; public SkeletonBone[] skeleton; }

    public class Avatar : Object
    {
        public HumanDescription humanDescription { get; set; }
        public bool isHuman { get; set; }
        public bool isValid { get; set; }
    }

    public class Animator : Behaviour
    {
        public Avatar avatar { get; set; }
        public bool isHuman { get { return avatar != null && avatar.isHuman; } }
        public readonly Dictionary<HumanBodyBones, Transform> Bones = new Dictionary<HumanBodyBones, Transform>();
        public Transform GetBoneTransform(HumanBodyBones bone) { Transform t; return Bones.TryGetValue(bone, out t) ? t : null; }
    }

    public struct HumanPose { public Vector3 bodyPosition; public Quaternion bodyRotation; public float[] muscles; }

    /// <summary>Knows no muscles. As the engine's, it tells the body in the world, and a rotation in either of its two forms.</summary>
    public class HumanPoseHandler : IDisposable
    {
        private readonly Transform root;
        private int poses;
        public HumanPoseHandler(Avatar avatar, Transform root) { this.root = root; }
        public void GetHumanPose(ref HumanPose pose)
        {
            float sign = poses++ % 2 == 0 ? 1 : -1;
            Quaternion r = root.rotation;
            pose.muscles = new float[HumanTrait.MuscleCount];
            pose.bodyPosition = root.GetChild(0).position;
            pose.bodyRotation = new Quaternion(sign * r.x, sign * r.y, sign * r.z, sign * r.w);
        }
        public void Dispose() { }
    }

    public static class HumanTrait
    {
        public static int MuscleCount { get { return 95; } }
        public static string[] MuscleName
        {
            get
            {
                var names = new string[95];
                for (int i = 0; i < 95; i++) names[i] = i < 55 ? "Muscle " + i : "Left Thumb " + i;
                return names;
            }
        }
    }

    public struct Keyframe { public float time, value; public Keyframe(float time, float value) { this.time = time; this.value = value; } }

    public class AnimationCurve
    {
        public readonly List<Keyframe> Keys = new List<Keyframe>();
        public int AddKey(float time, float value) { Keys.Add(new Keyframe(time, value)); return Keys.Count - 1; }
    }

    public class Motion : Object { }

    public class AnimationClip : Motion
    {
        public readonly Dictionary<string, AnimationCurve> Curves = new Dictionary<string, AnimationCurve>();
        public float frameRate { get; set; }
        public float length { get; set; }
        public void SetCurve(string path, Type type, string property, AnimationCurve curve) { Curves[path + ":" + property] = curve; }
        public void EnsureQuaternionContinuity() { }
    }
}

namespace UnityEngine.Events
{
    [Serializable]
    public class UnityEvent
    {
        private Action listeners;
        public void AddListener(Action call) { listeners += call; }
        public void Invoke() { if (listeners != null) listeners(); }
    }

    [Serializable]
    public class UnityEvent<T>
    {
        private Action<T> listeners;
        public void AddListener(Action<T> call) { listeners += call; }
        public void Invoke(T value) { if (listeners != null) listeners(value); }
    }
}

namespace UnityEngine.InputSystem
{
    public class InputAction
    {
        public void Enable() { }
        public void Disable() { }
        public T ReadValue<T>() where T : struct { return new T(); }
        public bool IsPressed() { return false; }
    }

    public class InputActionReference : ScriptableObject { public InputAction action { get { return null; } } }

    public class StickControl { public Vector2 ReadValue() { return new Vector2(); } }
    public class ButtonControl { public bool isPressed { get { return false; } } }
    public class Gamepad
    {
        public static Gamepad current { get { return null; } }
        public StickControl leftStick { get { return null; } }
        public StickControl rightStick { get { return null; } }
        public ButtonControl rightTrigger { get { return null; } }
    }
    public class Keyboard
    {
        public static Keyboard current { get { return null; } }
        public ButtonControl wKey { get { return null; } }
        public ButtonControl aKey { get { return null; } }
        public ButtonControl sKey { get { return null; } }
        public ButtonControl dKey { get { return null; } }
        public ButtonControl leftShiftKey { get { return null; } }
    }
}
