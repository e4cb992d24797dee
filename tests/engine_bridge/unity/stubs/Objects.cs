using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public class Object
    {
        public string name = "";
        internal bool destroyed;
        public static implicit operator bool(Object o) { return !ReferenceEquals(o, null) && !o.destroyed; }
        public static bool operator ==(Object a, Object b) { return Same(a, b); }
        public static bool operator !=(Object a, Object b) { return !Same(a, b); }
        public override bool Equals(object other) { return ReferenceEquals(this, other); }
        public override int GetHashCode() { return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this); }
        public static void Destroy(Object o) { o.destroyed = true; }
        public static void DestroyImmediate(Object o) { o.destroyed = true; }
        public static T Instantiate<T>(T original) where T : Object { throw new NotSupportedException(); }
        public static T FindObjectOfType<T>() where T : Object { return null; }
        public static T FindFirstObjectByType<T>() where T : Object { return null; }
        public static T[] FindObjectsOfType<T>() where T : Object { return Component.All.FindAll(one => one is T && one).ConvertAll(one => (T)one).ToArray(); }
        public static T[] FindObjectsByType<T>(FindObjectsSortMode sort) where T : Object { return FindObjectsOfType<T>(); }
        private static bool Same(Object a, Object b) { return ReferenceEquals(a, b) || !(bool)a && !(bool)b; }
    }

    public enum FindObjectsSortMode { None, InstanceID }

    public class ScriptableObject : Object { }

    public class Component : Object
    {
        internal static readonly System.Collections.Generic.List<Object> All = new System.Collections.Generic.List<Object>();
        protected Component() { All.Add(this); }
        internal GameObject owner;
        public GameObject gameObject { get { return owner; } }
        public Transform transform { get { return owner.transform; } }
        public T GetComponent<T>() where T : Component { return owner.GetComponent<T>(); }
        public T GetComponentInChildren<T>() where T : Component { return owner.GetComponentInChildren<T>(); }
        public T GetComponentInParent<T>() where T : Component { return owner.GetComponentInParent<T>(); }
    }

    public class Behaviour : Component { public bool enabled = true; public bool isActiveAndEnabled { get { return enabled; } } }

    public class MonoBehaviour : Behaviour { }

    public class GameObject : Object
    {
        private readonly List<Component> parts = new List<Component>();
        private readonly Transform itsTransform;
        public GameObject(string name = "")
        {
            this.name = name;
            itsTransform = AddComponent<Transform>();
            itsTransform.name = name;
        }
        public Transform transform { get { return itsTransform; } }
        public T AddComponent<T>() where T : Component, new()
        {
            var part = new T { owner = this, name = name };
            parts.Add(part);
            return part;
        }
        public T GetComponent<T>() where T : Component
        {
            foreach (Component part in parts) if (part is T) return (T)part;
            return null;
        }
        public T GetComponentInChildren<T>() where T : Component
        {
            T found = GetComponent<T>();
            for (int i = 0; found == null && i < transform.childCount; i++) found = transform.GetChild(i).gameObject.GetComponentInChildren<T>();
            return found;
        }
        public T GetComponentInParent<T>() where T : Component
        {
            T found = GetComponent<T>();
            return found == null && transform.parent != null ? transform.parent.gameObject.GetComponentInParent<T>() : found;
        }
        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var made = new GameObject(type.ToString());
            made.AddComponent<Collider>();
            return made;
        }
    }

    public enum PrimitiveType { Sphere, Capsule, Cylinder, Cube, Plane, Quad }

    public class Collider : Component { }

    /// <summary>A hierarchy of places. Scale is taken as uniform, as skeletons have it.</summary>
    public class Transform : Component
    {
        private readonly List<Transform> children = new List<Transform>();
        private Transform above;
        public Vector3 localPosition;
        public Quaternion localRotation = Quaternion.identity;
        public Vector3 localScale = Vector3.one;
        public Transform parent { get { return above; } set { SetParent(value, true); } }
        public int childCount { get { return children.Count; } }
        public Transform GetChild(int index) { return children[index]; }
        public Vector3 lossyScale { get { return above == null ? localScale : Vector3.Scale(above.lossyScale, localScale); } }
        public Vector3 forward { get { return rotation * Vector3.forward; } }
        public Vector3 right { get { return rotation * Vector3.right; } }
        public Vector3 up { get { return rotation * Vector3.up; } }
        public Vector3 position
        {
            get { return above == null ? localPosition : above.TransformPoint(localPosition); }
            set { localPosition = above == null ? value : above.InverseTransformPoint(value); }
        }
        public Quaternion rotation
        {
            get { return above == null ? localRotation : above.rotation * localRotation; }
            set { localRotation = above == null ? value : Quaternion.Inverse(above.rotation) * value; }
        }
        public Vector3 TransformPoint(Vector3 p) { return position + rotation * Vector3.Scale(lossyScale, p); }
        public Vector3 InverseTransformPoint(Vector3 p)
        {
            Vector3 q = Quaternion.Inverse(rotation) * (p - position), s = lossyScale;
            return new Vector3(q.x / s.x, q.y / s.y, q.z / s.z);
        }
        public void SetPositionAndRotation(Vector3 p, Quaternion r) { position = p; rotation = r; }
        public void SetParent(Transform to, bool worldPositionStays = true)
        {
            Vector3 p = position;
            Quaternion r = rotation;
            if (above != null) above.children.Remove(this);
            above = to;
            if (to != null) to.children.Add(this);
            if (!worldPositionStays) return;
            position = p;
            rotation = r;
        }
        public bool IsChildOf(Transform other)
        {
            for (Transform t = this; t != null; t = t.above) if (t == other) return true;
            return false;
        }
    }
}
