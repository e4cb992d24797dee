using UnityEngine;

namespace Motionwire
{
    /// <summary>Draws, in the scene view, the path that the input asks for (yellow), the one that the network foresees (blue), and which parts
    /// of the feet stand (green). Paths need `paths` ticked on the connection.</summary>
    [AddComponentMenu("Motionwire/Motionwire Gizmos")]
    [RequireComponent(typeof(MotionwireCharacter))]
    public sealed class MotionwireGizmos : MonoBehaviour
    {
        private const float Raised = 0.02f; // m over the ground

        [Tooltip("Left heel, left toe, right heel, right toe. Empty: no contacts.")]
        public Transform[] feet = new Transform[0];

        private void OnDrawGizmos()
        {
            var character = GetComponent<MotionwireCharacter>();
            if (!character.IsPosed) return;
            if (character.HasPaths)
            {
                Gizmos.color = new Color(1, 0.8f, 0.1f);
                Draw(character.Desired, character);
                Gizmos.color = new Color(0.2f, 0.6f, 1);
                Draw(character.Predicted, character);
            }
            for (int part = 0; part < feet.Length && part < 4; part++)
            {
                if (feet[part] == null) continue;
                Gizmos.color = new Color(0.2f, 1, 0.3f, character.Contact(part));
                Gizmos.DrawSphere(feet[part].position, 0.04f);
            }
        }

        private static void Draw(float[] path, MotionwireCharacter character)
        {
            Vector3 before = Vector3.zero;
            for (int at = 0; at < path.Length; at += 4)
            {
                Vector3 place = character.OnGround(path[at], path[at + 1]) + new Vector3(0, Raised, 0);
                if (at > 0) Gizmos.DrawLine(before, place);
                Gizmos.DrawWireSphere(place, 0.03f);
                before = place;
            }
        }
    }
}
