using Motionwire;
using NUnit.Framework;
using UnityEngine;

namespace MotionwireTests
{
    /// <summary>What becomes of a character and its acts when its connection is lost, and when another session begins.</summary>
    public sealed class LossTests : OneCharacter
    {
        /// <summary>A server refuses the whole step for one style that it does not have.</summary>
        [Test]
        public void WithoutItsStyleItGoesOnInTheFirst()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Model served = connection.Client.Welcome.Models[0];
            string[] styles = served.Styles;
            served.Styles = new[] { styles[0], styles[1], "of the bundle before" };
            Debug.Said.Clear();
            character.Gait("of the bundle before");
            Assert.IsTrue(Scene.Until(() => Debug.Said.Exists(line => line.Contains("step: a style is")), connection));
            served.Styles = styles;
            Scene.Call(connection, "BeginSession", 0u);
            character.Move(new Vector3(0, 0, 1.3f));
            Assert.IsTrue(Scene.Until(() => character.transform.position.z > 3, connection));
        }

        [Test]
        public void AnActThatARestartEndsHasFailed()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Assert.Greater(character.Act("a person waves", 1, 2), 0);
            Scene.Break(connection, false);
            Assert.IsTrue(Scene.Until(() => failed != null, connection));
            Assert.AreEqual("the connection was lost", failed);
        }

        /// <summary>The session is there before the game is told of it.</summary>
        [Test]
        public void AnActOfTheNewSessionIsActed()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Scene.Break(connection, false);
            Assert.IsTrue(Scene.Until(() => connection.Client.Alive == 1));
            int act = character.Act("a person waves", 1, 1);
            Assert.Greater(act, 0);
            Assert.IsTrue(Scene.Until(() => begun == act, connection));
            Assert.IsNull(failed);
        }

        [Test]
        public void AnActWhoseEndWasLostEnds()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            int act = character.Act("a person waves", 1, 1);
            Assert.IsTrue(Scene.Until(() => character.IsActing, connection));
            Assert.IsTrue(Scene.Until(() => // poses that the component never gets, the last one with the event
            {
                connection.Client.Step(1 / 60f);
                PoseFrame unseen = connection.Client.Take(2);
                return unseen != null && unseen.Events.Exists(happened => happened.Kind == PoseEventKind.ActEnd);
            }));
            Scene.Break(connection, true);
            Assert.IsTrue(Scene.Until(() => ended == act, connection));
            Assert.IsNull(failed);
        }

        [Test]
        public void AnActThatGoesOnInTheSameSessionEndsOnce()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            int ends = 0;
            character.onActEnd.AddListener(act => ends++);
            character.Act("a person waves", 1, 2);
            Assert.IsTrue(Scene.Until(() => character.IsActing, connection));
            Scene.Break(connection, true);
            Assert.IsFalse(character.IsActing);
            Assert.IsTrue(Scene.Until(() => character.IsActing, connection));
            Assert.AreEqual(0, ends);
            int frames = 0;
            Assert.IsTrue(Scene.Until(() => ends > 0 && ++frames > 20, connection));
            Assert.AreEqual(1, ends);
        }

        [Test]
        public void WithItsConnectionActingEnds()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            character.Act("a person waves", 1, 5);
            Assert.IsTrue(Scene.Until(() => character.IsActing, connection));
            Scene.Call(connection, "OnDisable");
            Assert.AreEqual("the connection was closed", failed);
            Assert.IsFalse(character.IsActing);
            Assert.IsFalse(character.IsPosed);
        }

        [Test]
        public void WhileItIsDisabledItActsNothing()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            character.Act("a person waves", 1, 5);
            Assert.IsTrue(Scene.Until(() => character.IsActing, connection));
            Scene.Call(character, "OnDisable");
            Assert.IsFalse(character.IsActing);
        }
    }
}
