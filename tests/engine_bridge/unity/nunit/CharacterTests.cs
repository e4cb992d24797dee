using System.Collections;
using System.Reflection;
using Motionwire;
using NUnit.Framework;
using UnityEngine;

namespace MotionwireTests
{
    /// <summary>Components against the real server, frame by frame.</summary>
    public sealed class CharacterTests : OneCharacter
    {
        [TestCase(ConnectionMode.LockStep)]
        [TestCase(ConnectionMode.Stream)]
        public void ItWalksWhereItIsTold(ConnectionMode mode)
        {
            Enter(mode, RootMotion.MoveTransform, 90);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection), string.Join("; ", Debug.Said.ToArray()));
            Assert.Less(Vector3.Distance(character.transform.position, new Vector3(4, 0, 2)), 0.3f);
            Assert.Less(Quaternion.Angle(character.transform.rotation, Quaternion.AngleAxis(90, Vector3.up)), 20);
            character.Move(new Vector3(1.3f, 0, 0));
            Assert.IsTrue(Scene.Until(() => character.transform.position.x > 6 && steps >= 2, connection));
            Assert.Less(Mathf.Abs(character.transform.position.z - 2), 0.3f);
            Assert.Less(Vector3.Distance(bones[0].position, character.transform.position), 1.3f);
            Assert.Greater(bones[15].position.y, bones[0].position.y);
            character.Face(new Vector3(-1, 0, 0)); // backwards
            Assert.IsTrue(Scene.Until(() => Vector3.Dot(character.transform.forward, new Vector3(-1, 0, 0)) > 0.9f, connection));
        }

        [Test]
        public void InPlaceItStaysAndTellsWhereItWouldGo()
        {
            Enter(ConnectionMode.LockStep, RootMotion.InPlace, 90);
            character.Move(new Vector3(1.3f, 0, 0));
            var went = Vector3.zero;
            Assert.IsTrue(Scene.Until(() => { went += character.DeltaPosition; return went.magnitude > 1.5f; }, connection));
            Assert.AreEqual(4, character.transform.position.x, 1e-4f);
            Assert.AreEqual(90, Quaternion.Angle(character.transform.rotation, Quaternion.identity), 0.1f);
            Assert.Less(Vector3.Distance(bones[0].position, new Vector3(4, 0.95f, 2)), 0.4f);
            Assert.Greater(went.normalized.x, 0.95f);
        }

        [Test]
        public void ItActsASentence()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            int act = character.Act("a person waves", 1, 1);
            Assert.Greater(act, 0);
            Assert.IsTrue(Scene.Until(() => begun == act && character.IsActing, connection));
            Assert.IsTrue(Scene.Until(() => ended == act && !character.IsActing, connection));
            Assert.IsNull(failed);
            character.Act(new string('x', 600));
            Assert.IsTrue(Scene.Until(() => failed != null, connection));
        }

        [TestCase(ConnectionMode.LockStep)]
        [TestCase(ConnectionMode.Stream)]
        public void ItTeleportsInMidStride(ConnectionMode mode)
        {
            Enter(mode, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            character.Move(new Vector3(0, 0, 1.3f));
            Assert.IsTrue(Scene.Until(() => character.transform.position.z > 3, connection));
            int number = character.Number, frames = 0;
            float fastest = 0, farthest = 0;
            var there = new Vector3(-20, 1, 7);
            character.Teleport(there, 180);
            Assert.IsTrue(Scene.Until(() =>
            {
                fastest = Mathf.Max(fastest, character.DeltaPosition.magnitude);
                farthest = Mathf.Max(farthest, Vector3.Distance(character.transform.position, there));
                return ++frames > 20;
            }, connection));
            Assert.AreEqual(number, character.Number);
            Assert.Less(fastest, 0.4f); // m in a frame: it walks, and 0.25 s are the longest step
            Assert.Less(farthest, 2);
            Assert.AreEqual(1.95f, bones[0].position.y, 0.15f);
            character.Move(new Vector3(0, 0, 0));
            Assert.IsTrue(Scene.Until(() => character.DeltaPosition.magnitude < 1e-3f, connection));
            Assert.Less(Vector3.Distance(character.transform.position, there), 4);
        }

        [Test]
        public void InPlaceItTellsNothingOfTheWay()
        {
            Enter(ConnectionMode.LockStep, RootMotion.InPlace, 90);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            character.Teleport(new Vector3(-20, 1, 7), 180);
            var went = Vector3.zero;
            int frames = 0;
            Assert.IsTrue(Scene.Until(() => { went += character.DeltaPosition; return ++frames > 20; }, connection));
            Assert.Less(went.magnitude, 0.2f);
            Assert.AreEqual(4, character.transform.position.x, 1e-4f);
        }

        [Test]
        public void WhatItActsGoesOnThere()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            int act = character.Act("a person waves", 1, 1);
            Assert.IsTrue(Scene.Until(() => begun == act && character.IsActing, connection));
            character.Teleport(new Vector3(9, 0, 0), 0);
            Assert.AreEqual(0, ended);
            Assert.IsTrue(Scene.Until(() => ended == act, connection));
            Assert.Less(Vector3.Distance(character.transform.position, new Vector3(9, 0, 0)), 3);
        }

        /// <summary>It is spawned there: a server of protocol 1.2.</summary>
        [Test]
        public void OnAnOlderServerATeleportEndsWhatItActs()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            connection.Client.Welcome.Minor = 2;
            int act = character.Act("a person waves", 1, 2);
            character.Teleport(new Vector3(9, 0, 0), 180);
            Assert.AreEqual(act, ended);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Assert.AreEqual(0, begun);
            Assert.Less(Vector3.Distance(character.transform.position, new Vector3(9, 0, 0)), 0.3f);
            Assert.Less(character.transform.forward.z, -0.9f);
        }

        [Test]
        public void WhileItIsDisabledATeleportOnlyTellsWhereToBegin()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Scene.Call(character, "OnDisable");
            character.Teleport(new Vector3(9, 0, 0), 0);
            Scene.Call(character, "OnEnable");
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            FieldInfo known = typeof(MotionwireConnection).GetField("characters", BindingFlags.Instance | BindingFlags.NonPublic);
            Assert.AreEqual(1, ((ICollection)known.GetValue(connection)).Count);
            Assert.Less(Vector3.Distance(character.transform.position, new Vector3(9, 0, 0)), 0.3f);
        }

        /// <summary>Frames of the game may have no pose, or two.</summary>
        [TestCase(ConnectionMode.LockStep)]
        [TestCase(ConnectionMode.Stream)]
        public void DeltasAddUpToTheWay(ConnectionMode mode)
        {
            Enter(mode, RootMotion.MoveTransform, 90);
            connection.waitMilliseconds = 0;
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Vector3 from = character.transform.position, went = Vector3.zero;
            character.Move(new Vector3(1.3f, 0, 0));
            Assert.IsTrue(Scene.Until(() => { went += character.DeltaPosition; return went.magnitude > 1.5f; }, connection));
            Assert.Less(Vector3.Distance(from + went, character.transform.position), 1e-3f);
            Scene.Call(connection, "OnDisable");
            Assert.AreEqual(0, character.DeltaPosition.magnitude);
        }

        [TestCase(RootMotion.MoveTransform)]
        [TestCase(RootMotion.InPlace)]
        public void TheSceneMayBeShifted(RootMotion rootMotion)
        {
            Enter(ConnectionMode.LockStep, rootMotion, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            var by = new Vector3(-1000, 20, 500);
            character.transform.position = character.transform.position + by;
            connection.ShiftOrigin(by);
            int frames = 0;
            Assert.IsTrue(Scene.Until(() => character.DeltaPosition.magnitude < 0.1f && ++frames > 20, connection));
            Assert.Less(Vector3.Distance(character.transform.position, new Vector3(-996, 20, 502)), 0.3f);
            Assert.Less(Vector3.Distance(bones[0].position, new Vector3(-996, 20.95f, 502)), 0.4f);
            Assert.Less(Vector3.Distance(character.OnGround(4, 2), new Vector3(-996, 20, 502)), 0.6f);
            character.Teleport(new Vector3(-990, 20, 502), 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Assert.AreEqual(20.95f, bones[0].position.y, 0.15f);
        }

        /// <summary>As a server has it that is started again with another bundle.</summary>
        [Test]
        public void WithLongerBonesItStandsWhereItStood()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Skeleton told = connection.Client.Welcome.Skeleton;
            var offsets = (float[])told.Offsets.Clone();
            for (int i = 0; i < offsets.Length; i++) offsets[i] *= 1.25f;
            float before = character.Scale;
            int number = character.Number;
            connection.Client.Welcome.Skeleton = new Skeleton(told.Names, told.Parents, offsets);
            Scene.Call(connection, "BeginSession", 0u);
            Assert.AreEqual(before / 1.25f, character.Scale, 1e-4f);
            Assert.AreNotEqual(number, character.Number);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Assert.Less(Vector3.Distance(character.transform.position, new Vector3(4, 0, 2)), 0.3f);
            Assert.AreEqual(1, connection.Client.Alive);
        }

        [Test]
        public void TheModeMayBeChanged()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 90);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            character.Move(new Vector3(1.3f, 0, 0));
            Debug.Said.Clear();
            foreach (ConnectionMode mode in new[] { ConnectionMode.Stream, ConnectionMode.LockStep })
            {
                connection.mode = mode;
                float from = character.transform.position.x;
                Assert.IsTrue(Scene.Until(() => character.transform.position.x > from + 1, connection), mode.ToString());
            }
            Assert.IsEmpty(Debug.Said);
        }

        [Test]
        public void AVelocityThatIsNoneIsRefusedAtOnce()
        {
            character = new GameObject("alone").AddComponent<MotionwireCharacter>();
            Assert.Throws<System.ArgumentException>(() => character.Move(new Vector3(float.NaN, 0, 0)));
            character = null;
            var client = new MotionwireClient(new ClientOptions(), false);
            Assert.Throws<System.ArgumentException>(() => client.SetInput(1, 0, float.PositiveInfinity, 0, 0));
            Assert.Throws<System.ArgumentException>(() => client.SetInput(1, 0, 0, float.NegativeInfinity, 0));
            Assert.Throws<System.ArgumentOutOfRangeException>(() => client.SetInput(1, 0, 0, 0, -1));
        }

        /// <summary>An Animator has written its own pose into each frame of the game; not each of them has a pose of the server's.</summary>
        [TestCase(RootMotion.MoveTransform)]
        [TestCase(RootMotion.InPlace)]
        public void AFrameWithoutAPoseShowsTheOneBefore(RootMotion rootMotion)
        {
            Enter(ConnectionMode.LockStep, rootMotion, 90);
            connection.waitMilliseconds = 0;
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            var animated = new Quaternion(0, 0, 0.6f, 0.8f);
            Vector3 hips = bones[0].position - character.transform.position;
            for (int frame = 0; frame < 50; frame++)
            {
                character.transform.position = character.transform.position + new Vector3(0, 0, rootMotion == RootMotion.InPlace ? 1 : 0);
                foreach (Transform bone in bones) bone.localRotation = animated;
                bones[0].localPosition = new Vector3(7, 7, 7);
                Scene.Call(connection, "LateUpdate");
                Assert.Less(Vector3.Distance(bones[0].position - character.transform.position, hips), 0.2f);
                Assert.Greater(Quaternion.Angle(bones[4].localRotation, animated), 10);
                Assert.Greater(Quaternion.Angle(bones[16].localRotation, animated), 10);
            }
        }

        [Test]
        public void CharactersOfTheGamesOwnMayLiveBeside()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(connection.Client.Spawn(1, -30, 0, 0, 0)); // before the component's, which would be 1, too
            Scene.Call(character, "OnDisable");
            Assert.IsFalse(connection.Client.Spawn(1, 0, 0, 0, 0));
            Scene.Call(character, "OnEnable");
            Assert.IsTrue(connection.Client.Spawn(2, 30, 0, 0, 0));
            int frames = 0;
            float x = 0;
            connection.Posed += frame =>
            {
                int index = frame.IndexOf(1);
                if (index < 0) return;
                frames++;
                x = frame.Root[3 * index];
            };
            Assert.IsTrue(Scene.Until(() => character.IsPosed && frames > 3, connection));
            Assert.AreEqual(-30, x, 0.3f);
            Assert.Less(Vector3.Distance(character.transform.position, new Vector3(4, 0, 2)), 0.3f);
            Scene.Call(character, "OnDisable");
            Assert.IsTrue(Scene.Until(() => connection.Client.Alive == 2, connection));
            Assert.IsTrue(connection.Client.IsAlive(1) && connection.Client.IsAlive(2));
        }

        /// <summary>The server's fake controller tells them as the desired path's speeds.</summary>
        [TestCase(ConnectionMode.LockStep)]
        [TestCase(ConnectionMode.Stream)]
        public void HeightsOfTheGroundAreHeard(ConnectionMode mode)
        {
            Enter(mode, RootMotion.MoveTransform, 0);
            connection.paths = true;
            Assert.IsTrue(Scene.Until(() => character.HasPaths, connection));
            var heights = new float[PoseFrame.DesiredPlaces];
            heights[11] = 0.25f;
            connection.Client.SetHeights(character.Number, heights);
            Assert.IsTrue(Scene.Until(() => character.Desired[4 * 11 + 3] == 0.25f, connection));
            connection.Client.SetHeights(character.Number, null);
            Assert.IsTrue(Scene.Until(() => character.Desired[4 * 11 + 3] == 0, connection));
        }

        [Test]
        public void WhatAStreamHasMayBeChanged()
        {
            Enter(ConnectionMode.Stream, RootMotion.MoveTransform, 0);
            long seq = 0;
            connection.Posed += frame => seq = frame.Seq;
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Assert.IsFalse(character.HasPaths);
            connection.paths = true;
            Assert.IsTrue(Scene.Until(() => character.HasPaths, connection));
            connection.streamFps = 10;
            double until = Clock.Now + 1;
            Assert.IsTrue(Scene.Until(() => Clock.Now > until, connection)); // what was on its way
            long before = seq;
            until += 2;
            Assert.IsTrue(Scene.Until(() => Clock.Now > until, connection));
            Assert.AreEqual(20, seq - before, 6);
        }

        [Test]
        public void AStickFigureIsThereWithTheFirstPose()
        {
            connection = Scene.Connect(ConnectionMode.LockStep);
            character = new GameObject("figure").AddComponent<MotionwireCharacter>();
            character.connection = connection;
            character.gameObject.AddComponent<MotionwireStickFigure>();
            Debug.Said.Clear();
            Scene.Call(character, "OnEnable");
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Assert.AreEqual(22, character.bones.Length);
            Assert.AreEqual(0.95f, character.bones[0].position.y, 0.15f);
            Assert.IsFalse(Debug.Said.Exists(line => line.StartsWith("error")));
            Scene.Call(character, "OnDisable"); // and again, as a copy of it
            Transform hips = character.bones[0];
            Scene.Call(character, "OnEnable");
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Assert.AreSame(hips, character.bones[0]);
        }

        [Test]
        public void AnUnknownGaitIsReported()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Debug.Said.Clear();
            character.Gait("moonwalk");
            Assert.IsTrue(Scene.Until(() => Debug.Said.Exists(line => line.Contains("no style 'moonwalk'")), connection));
        }

        [Test]
        public void WithoutConnectionActingFails()
        {
            character = new GameObject("alone").AddComponent<MotionwireCharacter>();
            character.onActFailed.AddListener(why => failed = why);
            Assert.AreEqual(0, character.Act("a person waves"));
            Assert.AreEqual("there is no connection", failed);
            character = null;
        }

        [Test]
        public void AListenerMayDisableTheConnection()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            bool disabled = false;
            connection.onConnected.AddListener(() => { Scene.Call(connection, "OnDisable"); disabled = true; });
            Assert.IsTrue(Scene.Until(() => disabled, connection));
            Assert.IsNull(connection.Client);
            Scene.Call(connection, "OnEnable");
            Assert.IsTrue(Scene.Until(() => connection.Client == null, connection));
        }

        [Test]
        public void AListenerMayRemoveCharactersWhileEachIsTold()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            character.onActFailed.AddListener(why => Scene.Call(character, "OnDisable"));
            character.Act(new string('x', 600));
            Assert.IsTrue(Scene.Until(() => failed != null, connection));
            Assert.IsFalse(character.IsPosed);
        }

        [Test]
        public void ACharacterWaitsForAConnectionAndFindsTheNext()
        {
            Animator animator = AvatarRigTests.Humanoid(new Figures(), out bones);
            character = animator.gameObject.AddComponent<MotionwireCharacter>();
            Scene.Call(character, "OnEnable");
            Assert.IsNull(character.connection);
            connection = Scene.Connect(ConnectionMode.LockStep);
            Assert.AreEqual(connection, character.connection);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Scene.Call(connection, "OnDisable");
            Scene.Call(connection, "OnDestroy");
            Assert.IsFalse(character.IsPosed);
            connection = Scene.Connect(ConnectionMode.LockStep);
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
        }

        [Test]
        public void GizmosDrawPathsAndContacts()
        {
            Enter(ConnectionMode.LockStep, RootMotion.MoveTransform, 0);
            connection.paths = true;
            var gizmos = character.gameObject.AddComponent<MotionwireGizmos>();
            gizmos.feet = new[] { bones[7], bones[10], bones[8], bones[11] };
            Assert.IsTrue(Scene.Until(() => character.IsPosed, connection));
            Gizmos.Drawn = 0;
            Scene.Call(gizmos, "OnDrawGizmos");
            Assert.AreEqual(12 + 11 + 6 + 5 + 4, Gizmos.Drawn);
        }
    }
}
