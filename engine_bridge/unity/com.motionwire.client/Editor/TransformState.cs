using System.Collections.Generic;
using UnityEngine;

namespace MotionwireEditor
{
    /// <summary>How a model stands, to be put back after it was posed for baking.</summary>
    internal sealed class TransformState
    {
        private readonly List<KeyValuePair<Transform, Quaternion>> rotations = new List<KeyValuePair<Transform, Quaternion>>();
        private readonly List<Vector3> places = new List<Vector3>();

        public TransformState(Transform root) { Add(root); }

        public void Restore()
        {
            for (int i = 0; i < places.Count; i++)
            {
                rotations[i].Key.localPosition = places[i];
                rotations[i].Key.localRotation = rotations[i].Value;
            }
        }

        private void Add(Transform at)
        {
            rotations.Add(new KeyValuePair<Transform, Quaternion>(at, at.localRotation));
            places.Add(at.localPosition);
            for (int i = 0; i < at.childCount; i++) Add(at.GetChild(i));
        }
    }
}
