using System;
using UnityEngine;

namespace UnityEditor
{
    public sealed class MenuItem : Attribute { public MenuItem(string path) { } }

    public class EditorWindow : ScriptableObject
    {
        public static T GetWindow<T>(string title) where T : EditorWindow, new() { return new T(); }
        public void Repaint() { }
        public Vector2 minSize { get; set; }
    }

    public enum MessageType { None, Info, Warning, Error }

    public static class EditorGUILayout
    {
        public static string TextField(string label, string value) { return value; }
        public static string TextArea(string value) { return value; }
        public static string PasswordField(string label, string value) { return value; }
        public static int IntField(string label, int value) { return value; }
        public static float Slider(string label, float value, float least, float most) { return value; }
        public static float FloatField(string label, float value) { return value; }
        public static bool Toggle(string label, bool value) { return value; }
        public static UnityEngine.Object ObjectField(string label, UnityEngine.Object value, Type type, bool scene) { return value; }
        public static void HelpBox(string text, MessageType type) { }
        public static void LabelField(string text) { }
        public static void Space() { }
    }

    public static class EditorApplication { public static Action update; }

    public static class EditorUtility
    {
        public static string SaveFilePanelInProject(string title, string name, string extension, string message) { return ""; }
    }

    public static class AssetDatabase
    {
        public static void CreateAsset(UnityEngine.Object asset, string path) { }
        public static void SaveAssets() { }
        public static T LoadAssetAtPath<T>(string path) where T : UnityEngine.Object { return null; }
    }

    public static class AnimationMode
    {
        public static void StartAnimationMode() { }
        public static void StopAnimationMode() { }
        public static bool InAnimationMode() { return false; }
        public static void BeginSampling() { }
        public static void EndSampling() { }
        public static void SampleAnimationClip(GameObject target, AnimationClip clip, float time) { }
    }

    public struct AnimationClipSettings { public bool loopTime, loopBlendOrientation, loopBlendPositionY, loopBlendPositionXZ, keepOriginalPositionY; }

    public static class AnimationUtility
    {
        public static AnimationClipSettings GetAnimationClipSettings(AnimationClip clip) { return new AnimationClipSettings(); }
        public static void SetAnimationClipSettings(AnimationClip clip, AnimationClipSettings settings) { }
    }

    public static class Selection { public static GameObject activeGameObject { get { return null; } } }

    public static class EditorGUI { public static void BeginDisabledGroup(bool disabled) { } public static void EndDisabledGroup() { } }
}
