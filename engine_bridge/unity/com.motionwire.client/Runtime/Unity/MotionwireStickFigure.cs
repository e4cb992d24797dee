using UnityEngine;

namespace Motionwire
{
    /// <summary>A figure of spheres and capsules in the skeleton's own proportions: to see motion without a model. Put it beside an empty
    /// MotionwireCharacter.</summary>
    [AddComponentMenu("Motionwire/Motionwire Stick Figure")]
    [RequireComponent(typeof(MotionwireCharacter))]
    public sealed class MotionwireStickFigure : MonoBehaviour
    {
        [Tooltip("Of the balls, m.")]
        public float thickness = 0.06f;

        [SerializeField] [HideInInspector] private Transform hips; // of what was built; copies of a character have it, too

        /// <summary>The bones of a skeleton, instead of those that were built before. The character calls this.</summary>
        internal Transform[] Build(Skeleton skeleton)
        {
            if (hips != null) Destroy(hips.gameObject);
            Transform[] bones = Build(skeleton, transform, thickness);
            hips = bones[0];
            return bones;
        }

        /// <summary>The bones of a skeleton in its T-pose below a root, each with a ball and a rod to its parent.</summary>
        public static Transform[] Build(Skeleton skeleton, Transform root, float thickness)
        {
            var bones = new Transform[skeleton.Count];
            for (int joint = 0; joint < bones.Length; joint++)
            {
                int parent = skeleton.Parents[joint];
                var offset = new Vector3(skeleton.Offsets[3 * joint], skeleton.Offsets[3 * joint + 1], skeleton.Offsets[3 * joint + 2]);
                Transform bone = new GameObject(skeleton.Names[joint]).transform;
                bone.SetParent(parent < 0 ? root : bones[parent], false);
                bone.localPosition = offset;
                bones[joint] = bone;
                Part(PrimitiveType.Sphere, bone, Vector3.zero, Quaternion.identity, new Vector3(thickness, thickness, thickness));
                if (parent < 0) continue;
                Quaternion along = Quaternion.FromToRotation(Vector3.up, offset);
                Part(PrimitiveType.Capsule, bones[parent], offset / 2, along, new Vector3(thickness * 0.7f, offset.magnitude / 2, thickness * 0.7f));
            }
            return bones;
        }

        private static void Part(PrimitiveType shape, Transform parent, Vector3 place, Quaternion turn, Vector3 size)
        {
            GameObject part = GameObject.CreatePrimitive(shape);
            Destroy(part.GetComponent<Collider>());
            part.transform.SetParent(parent, false);
            part.transform.localPosition = place;
            part.transform.localRotation = turn;
            part.transform.localScale = size;
        }
    }
}
