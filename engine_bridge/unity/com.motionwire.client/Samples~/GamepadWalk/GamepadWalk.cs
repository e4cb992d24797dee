using UnityEngine;

namespace Motionwire.Samples
{
    /// <summary>Put this on an empty object in an empty scene, start `motionwire serve`, press Play: a figure walks under gamepad or WASD.</summary>
    public sealed class GamepadWalk : MonoBehaviour
    {
        [Tooltip("A Humanoid prefab. Empty: a figure of capsules.")]
        public GameObject character;

        private Transform follow, view;

        private void Start()
        {
            var connection = gameObject.AddComponent<MotionwireConnection>();
            GameObject figure = character != null ? Instantiate(character) : new GameObject("Figure");
            figure.transform.SetParent(transform, false); // where it finds its connection
            if (figure.GetComponent<MotionwireCharacter>() == null) figure.AddComponent<MotionwireCharacter>().connection = connection;
            if (character == null) figure.AddComponent<MotionwireStickFigure>();
            if (figure.GetComponent<MotionwireInput>() == null) figure.AddComponent<MotionwireInput>();
            follow = figure.transform;
            view = Camera.main != null ? Camera.main.transform : null;
        }

        private void LateUpdate()
        {
            if (view == null) return;
            view.position = follow.position + new Vector3(0, 2, -4);
            view.rotation = Quaternion.LookRotation(follow.position + Vector3.up - view.position, Vector3.up);
        }
    }
}
