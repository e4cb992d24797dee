using Motionwire;
using NUnit.Framework;
using UnityEngine;

namespace MotionwireTests
{
    /// <summary>A scene of one character and its connection to the real server, and what the character said.</summary>
    public abstract class OneCharacter
    {
        protected MotionwireConnection connection;
        protected MotionwireCharacter character;
        protected Transform[] bones;
        protected int steps, begun, ended;
        protected string failed;

        protected void Enter(ConnectionMode mode, RootMotion rootMotion, float yaw)
        {
            connection = Scene.Connect(mode);
            Animator animator = AvatarRigTests.Humanoid(new Figures(), out bones);
            character = animator.gameObject.AddComponent<MotionwireCharacter>();
            character.connection = connection;
            character.rootMotion = rootMotion;
            character.transform.SetPositionAndRotation(new Vector3(4, 0, 2), Quaternion.AngleAxis(yaw, Vector3.up));
            steps = begun = ended = 0;
            failed = null;
            character.onFootstep.AddListener(foot => steps++);
            character.onActBegin.AddListener(act => begun = act);
            character.onActEnd.AddListener(act => ended = act);
            character.onActFailed.AddListener(why => failed = why);
            Scene.Call(character, "OnEnable");
        }

        [TearDown]
        public void Leave()
        {
            if (character != null) Scene.Call(character, "OnDisable");
            if (connection != null) Scene.Call(connection, "OnDisable");
            character = null;
            connection = null;
        }
    }
}
