#if MOTIONWIRE_INPUT_SYSTEM && ENABLE_INPUT_SYSTEM // the package is there, and Active Input Handling lets it have the devices
#define INPUT_SYSTEM_READS
#endif

using UnityEngine;
#if INPUT_SYSTEM_READS
using UnityEngine.InputSystem;
#endif

namespace Motionwire
{
    /// <summary>Drives a character by a gamepad or keyboard, relative to the camera: stick or WASD moves, the right trigger or shift runs.</summary>
    [AddComponentMenu("Motionwire/Motionwire Input")]
    [RequireComponent(typeof(MotionwireCharacter))]
    public sealed class MotionwireInput : MonoBehaviour
    {
        [Tooltip("m/s with the stick all the way.")]
        public float walk = 1.4f, run = 3.2f;

        [Tooltip("Directions are seen from here. Empty: the main camera; without one, the world's.")]
        public Transform view;

        [Tooltip("The right stick turns the character while it moves.")]
        public bool faceByRightStick = true;

#if INPUT_SYSTEM_READS
        [Tooltip("Actions of your own. Empty: the current gamepad and WASD.")]
        public InputActionReference moveAction, faceAction, runAction;
#endif

        private MotionwireCharacter character;

        private void OnEnable()
        {
            character = GetComponent<MotionwireCharacter>();
#if INPUT_SYSTEM_READS
            Enable(moveAction);
            Enable(faceAction);
            Enable(runAction);
#endif
        }

        private void OnDisable() { character.Move(Vector3.zero); }

        private void Update()
        {
            Vector3 stick = Seen(ReadMove());
            character.Move(Vector3.ClampMagnitude(stick, 1) * (ReadRun() ? run : walk));
            Vector3 face = faceByRightStick ? Seen(ReadFace()) : Vector3.zero;
            if (face.sqrMagnitude > 0.1f) character.Face(face);
            else character.FaceMovement();
        }

        /// <summary>A stick's direction on the ground, seen from the camera.</summary>
        private Vector3 Seen(Vector2 stick)
        {
            Transform from = view != null ? view : Camera.main != null ? Camera.main.transform : null;
            if (from == null) return new Vector3(stick.x, 0, stick.y);
            Vector3 ahead = Vector3.ProjectOnPlane(from.forward, Vector3.up);
            if (ahead.sqrMagnitude < 1e-4f) ahead = Vector3.ProjectOnPlane(from.up, Vector3.up); // it looks straight down
            ahead = ahead.normalized;
            return stick.y * ahead + stick.x * Vector3.Cross(Vector3.up, ahead);
        }

#if INPUT_SYSTEM_READS
        /// <summary>An action that nobody has enabled reads as a stick at rest. It stays enabled: others may use it.</summary>
        private static void Enable(InputActionReference chosen)
        {
            if (IsThere(chosen)) chosen.action.Enable();
        }

        /// <summary>A reference may have lost its action, with the asset that held it.</summary>
        private static bool IsThere(InputActionReference chosen) { return chosen != null && chosen.action != null; }

        private Vector2 ReadMove()
        {
            if (IsThere(moveAction)) return moveAction.action.ReadValue<Vector2>();
            Vector2 keys = Vector2.zero;
            if (Keyboard.current != null)
            {
                Keyboard k = Keyboard.current;
                keys = new Vector2((k.dKey.isPressed ? 1 : 0) - (k.aKey.isPressed ? 1 : 0), (k.wKey.isPressed ? 1 : 0) - (k.sKey.isPressed ? 1 : 0));
            }
            return keys.sqrMagnitude > 0 || Gamepad.current == null ? keys : Gamepad.current.leftStick.ReadValue();
        }

        private Vector2 ReadFace()
        {
            if (IsThere(faceAction)) return faceAction.action.ReadValue<Vector2>();
            return Gamepad.current == null ? Vector2.zero : Gamepad.current.rightStick.ReadValue();
        }

        private bool ReadRun()
        {
            if (IsThere(runAction)) return runAction.action.IsPressed();
            return Keyboard.current != null && Keyboard.current.leftShiftKey.isPressed
                || Gamepad.current != null && Gamepad.current.rightTrigger.isPressed;
        }
#else
        private Vector2 ReadMove() { return new Vector2(Input.GetAxisRaw("Horizontal"), Input.GetAxisRaw("Vertical")); }

        private Vector2 ReadFace() { return Vector2.zero; }

        private bool ReadRun() { return Input.GetKey(KeyCode.LeftShift); }
#endif
    }
}
