using UnityEngine;

namespace Motionwire
{
    /// <summary>Bends a knee so that the ankle comes to a place, in the plane in which it is bent already.</summary>
    public static class TwoBoneIk
    {
        private const float Stretch = 0.9999f; // of both bones: a leg is never quite straight, so that it knows where to bend

        /// <summary>Moves `end` to `goal`, or as near as the bones reach; it keeps its rotation in the world.</summary>
        public static void Reach(Transform upper, Transform lower, Transform end, Vector3 goal)
        {
            Quaternion kept = end.rotation;
            Vector3 hip = upper.position, knee = lower.position, ankle = end.position;
            float thigh = Vector3.Distance(hip, knee), shin = Vector3.Distance(knee, ankle);
            float reach = Mathf.Clamp(Vector3.Distance(hip, goal), Mathf.Abs(thigh - shin) + 1e-4f, Stretch * (thigh + shin));
            Vector3 axis = Vector3.Cross(knee - hip, ankle - knee);
            if (axis.sqrMagnitude < 1e-10f) axis = upper.parent != null ? upper.parent.rotation * Vector3.right : Vector3.right;
            float now = Angle(thigh, shin, Vector3.Distance(hip, ankle)), wanted = Angle(thigh, shin, reach);
            lower.rotation = Quaternion.AngleAxis((now - wanted) * Mathf.Rad2Deg, axis.normalized) * lower.rotation;
            upper.rotation = Quaternion.FromToRotation(end.position - hip, goal - hip) * upper.rotation;
            end.rotation = kept;
        }

        /// <summary>The knee's angle, in rad, by the law of cosines.</summary>
        private static float Angle(float thigh, float shin, float reach)
        {
            return Mathf.Acos(Mathf.Clamp((thigh * thigh + shin * shin - reach * reach) / (2 * thigh * shin), -1, 1));
        }
    }
}
