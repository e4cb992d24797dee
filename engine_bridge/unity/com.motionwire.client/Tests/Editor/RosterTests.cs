using System.Collections.Generic;
using Motionwire;
using NUnit.Framework;

namespace MotionwireTests
{
    /// <summary>Who is where, over sessions that are lost and numbers that are used again.</summary>
    public sealed class RosterTests
    {
        private readonly MessagePackWriter writer = new MessagePackWriter();
        private Roster roster;
        private uint lastRef;

        [SetUp]
        public void BeginAnew() { roster = new Roster(); }

        [Test]
        public void AFrameOfBeforeDoesNotPlaceANumberUsedAgain()
        {
            SpawnAt(1, 5);
            roster.Saw(Seen(1, 6));
            Assert.IsTrue(roster.Remove(1));
            Assert.IsTrue(roster.Add(1, 7, 0, 0, 0, "", 0));
            roster.Saw(Seen(1, 6)); // it was on its way when the first one was removed
            Assert.AreEqual(7, NextSpawnX());
            roster.Saw(Seen(1, 6));
            roster.BeginSession(new int[0]);
            Assert.AreEqual(7, NextSpawnX());
            roster.Answered(lastRef, true, false);
            roster.Saw(Seen(1, 8));
            roster.BeginSession(new int[0]);
            Assert.AreEqual(8, NextSpawnX());
        }

        [Test]
        public void AResumedSessionKeepsThoseWhoLivedInIt()
        {
            SpawnAt(1, 1);
            SpawnAt(2, 2);
            roster.Add(3, 3, 0, 0, 0, "", 0);
            NextSpawnX(); // asked for, and not answered when the connection broke
            roster.Remove(2);
            roster.Add(2, 20, 0, 0, 0, "", 0);
            roster.BeginSession(new[] { 1, 2, 3 });
            Assert.IsTrue(roster.IsAlive(1));
            Assert.IsFalse(roster.IsAlive(2)); // the server's is another one
            Assert.IsFalse(roster.IsAlive(3)); // or may be
            var places = new List<float> { NextSpawnX(), NextSpawnX() };
            CollectionAssert.AreEquivalent(new[] { 3f, 20f }, places);
            Assert.IsFalse(roster.WriteNextSpawn(writer, ++lastRef));
        }

        [Test]
        public void WhoLeavesIsToldUntilItIsSent()
        {
            SpawnAt(1, 1);
            roster.Add(2, 2, 0, 0, 0, "", 0);
            roster.Remove(2); // the server has not heard of it
            roster.Remove(1);
            Assert.IsTrue(roster.HasLeaving);
            for (int i = 0; i < 2; i++)
            {
                Assert.IsTrue(roster.WriteNextDespawn(writer, ++lastRef));
                Assert.AreEqual(1, Number("character"));
            }
            roster.Left();
            Assert.IsFalse(roster.HasLeaving);
            Assert.IsFalse(roster.WriteNextDespawn(writer, ++lastRef));
        }

        [Test]
        public void FramesTellBetweenTheOldPlaceAndTheNewOne()
        {
            SpawnAt(1, 1);
            Assert.AreEqual(0, roster.Teleport(2, 9, 0, 0, 0));
            Assert.AreEqual(1, roster.Teleport(1, 9, 0, 0, 0));
            Assert.AreEqual(9, NextTeleportX());
            Assert.IsFalse(roster.WriteNextTeleport(writer, ++lastRef));
            Assert.AreEqual(0, Teleports(2)); // and that is where it is not spawned again
            Assert.AreEqual(2, roster.Teleport(1, 10, 0, 0, 0));
            roster.Teleported(lastRef - 1, false); // the first one's answer, which counts no more
            Assert.AreEqual(10, NextTeleportX());
            Assert.AreEqual(0, Teleports(9));
            roster.BeginSession(new int[0]);
            Assert.AreEqual(10, NextSpawnX());
            roster.Answered(lastRef, true, false);
            Assert.AreEqual(2, Teleports(11));
            roster.BeginSession(new int[0]);
            Assert.AreEqual(11, NextSpawnX());
        }

        [Test]
        public void ATeleportOnItsWayAsTheConnectionBrokeIsSentAgain()
        {
            SpawnAt(1, 1);
            SpawnAt(2, 2);
            roster.Teleport(1, 9, 0, 0, 0);
            Assert.AreEqual(9, NextTeleportX());
            roster.BeginSession(new[] { 1, 2 });
            Assert.IsTrue(roster.HasTeleported);
            Assert.AreEqual(9, NextTeleportX());
            Assert.AreEqual(0, Teleports(1));
            roster.Teleported(lastRef, true); // it could not be sent
            Assert.AreEqual(9, NextTeleportX());
            roster.Teleported(lastRef, false);
            Assert.AreEqual(1, Teleports(9));
            Assert.IsFalse(roster.WriteNextTeleport(writer, ++lastRef));
            Assert.IsFalse(roster.HasTeleported);
        }

        [Test]
        public void WhoIsNotSpawnedYetIsSpawnedThere()
        {
            roster.Add(1, 1, 0, 0, 0, "", 0);
            Assert.AreEqual(1, roster.Teleport(1, 9, 0, 0, 0));
            Assert.AreEqual(9, NextSpawnX());
            Assert.AreEqual(2, roster.Teleport(1, 10, 0, 0, 0)); // the server has it elsewhere by now
            roster.Answered(lastRef, true, false);
            Assert.AreEqual(1, Teleports(9));
            Assert.AreEqual(10, NextTeleportX());
        }

        [Test]
        public void GroundAndWallsStayBehind()
        {
            SpawnAt(1, 1);
            roster.SetHeights(1, new float[12]);
            roster.SetPath(1, new float[12]);
            roster.Teleport(1, 9, 0, 0, 0);
            Assert.IsFalse(roster.WriteHeights(writer));
            roster.WriteInput(writer, false, 0, 0, false);
            Assert.IsNaN(FirstFloat("path"));
        }

        /// <summary>They hold at the places where they were told: who is not told anew keeps those.</summary>
        [Test]
        public void HeightsAreToldOnceToWhomTheyConcern()
        {
            SpawnAt(1, 1);
            SpawnAt(2, 2);
            Assert.IsFalse(roster.WriteHeights(writer));
            roster.SetHeights(2, new float[] { 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 });
            for (int i = 0; i < 2; i++) // the first could not be sent
            {
                Assert.IsTrue(roster.WriteHeights(writer));
                CollectionAssert.AreEqual(new[] { 2 }, Characters());
                Assert.AreEqual(5, FirstFloat("heights"));
            }
            roster.ToldHeights();
            Assert.IsFalse(roster.WriteHeights(writer));
            roster.SetHeights(1, null);
            Assert.IsTrue(roster.WriteHeights(writer));
            CollectionAssert.AreEqual(new[] { 1 }, Characters());
            Assert.IsNaN(FirstFloat("heights"));
            roster.ToldHeights();
            roster.BeginSession(new[] { 1, 2 });
            Assert.IsFalse(roster.WriteHeights(writer));
        }

        [Test]
        public void HeightsWaitUntilTheServerHasTheCharacterThere()
        {
            roster.Add(1, 1, 0, 0, 0, "", 0);
            roster.SetHeights(1, new float[12]);
            Assert.IsFalse(roster.WriteHeights(writer));
            NextSpawnX();
            roster.Answered(lastRef, true, false);
            Assert.IsTrue(roster.WriteHeights(writer));
            roster.ToldHeights();
            roster.Teleport(1, 9, 0, 0, 0);
            roster.SetHeights(1, new float[12]);
            NextTeleportX();
            Assert.IsFalse(roster.WriteHeights(writer)); // it would forget them there
            roster.Teleported(lastRef, false);
            Assert.IsTrue(roster.WriteHeights(writer));
        }

        private float NextTeleportX()
        {
            Assert.IsTrue(roster.WriteNextTeleport(writer, ++lastRef));
            return -Number("transform");
        }

        /// <summary>Of character 1 in a frame that shows it at x.</summary>
        private int Teleports(float x)
        {
            PoseFrame frame = Seen(1, x);
            roster.Saw(frame);
            return frame.Teleports[0];
        }

        private void SpawnAt(int number, float x)
        {
            Assert.IsTrue(roster.Add(number, x, 0, 0, 0, "", 0));
            Assert.AreEqual(x, NextSpawnX());
            roster.Answered(lastRef, true, false);
        }

        private float NextSpawnX()
        {
            Assert.IsTrue(roster.WriteNextSpawn(writer, ++lastRef));
            return -Number("transform"); // the wire's x
        }

        /// <summary>A number of the message that was written last, of an array the first one.</summary>
        private float Number(string key)
        {
            MessagePackReader reader = At(writer.ToArray(), key);
            if (key == "transform") reader.Array();
            return (float)reader.Number();
        }

        /// <summary>The characters of the message that was written last.</summary>
        private int[] Characters()
        {
            MessagePackReader reader = At(writer.ToArray(), "characters");
            var characters = new int[reader.Array()];
            for (int i = 0; i < characters.Length; i++) characters[i] = reader.Int(0, int.MaxValue);
            return characters;
        }

        /// <summary>The first number of a blob of the message that was written last.</summary>
        private float FirstFloat(string key)
        {
            byte[] message = writer.ToArray();
            int offset, length;
            At(message, key).Bytes(out offset, out length);
            return System.BitConverter.ToSingle(message, offset);
        }

        /// <summary>A reader that stands before a key's value.</summary>
        private static MessagePackReader At(byte[] message, string key)
        {
            var reader = new MessagePackReader(message, 0, message.Length);
            for (int pairs = reader.Map(); pairs > 0; pairs--)
            {
                reader.Key();
                if (reader.Is(key)) return reader;
                reader.Skip();
            }
            throw new AssertionException("no " + key);
        }

        private static PoseFrame Seen(int number, float x)
        {
            var frame = new PoseFrame();
            frame.Resize(1, 1);
            frame.Characters[0] = number;
            frame.Root[0] = x;
            return frame;
        }
    }
}
