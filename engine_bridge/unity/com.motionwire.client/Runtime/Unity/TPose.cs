using System;
using UnityEngine;

namespace Motionwire
{
    /// <summary>How the bones of a rig that is not Humanoid stood before they were posed. Unity keeps it when scripts are reloaded in Play mode
    /// and gives it to copies of a character: the bones themselves stand in no T-pose then.</summary>
    [Serializable]
    internal sealed class TPose
    {
        [SerializeField] private Transform[] bones = new Transform[0];
        [SerializeField] private Vector3[] places = new Vector3[0];
        [SerializeField] private Quaternion[] rotations = new Quaternion[0];

        /// <summary>The rig of these bones: as they stood when they were seen first, which is now where they are others than before. Null if
        /// it has no hips.</summary>
        public Rig RigOf(Transform root, Transform[] now)
        {
            if (AreKept(now)) return Rig.FromTPose(root, now, places, rotations);
            Rig rig = Rig.FromTPose(root, now);
            if (rig == null) return null;
            bones = (Transform[])now.Clone();
            places = (Vector3[])rig.Places.Clone();
            rotations = (Quaternion[])rig.Rotations.Clone();
            return rig;
        }

        private bool AreKept(Transform[] now)
        {
            if (bones.Length != now.Length) return false;
            for (int i = 0; i < bones.Length; i++)
            {
                if (bones[i] != now[i]) return false;
            }
            return true;
        }
    }
}
