using System;
using Motionwire;
using NUnit.Framework;

namespace MotionwireTests
{
    public sealed class SkeletonTests
    {
        /// <summary>By hand: in Unity's axes a quarter turn about y takes +z to +x.</summary>
        [Test]
        public void TurnsWhatHangsOnAJoint()
        {
            var skeleton = new Skeleton(new[] { "root", "arm" }, new[] { -1, 0 }, new float[] { 0, 1, 0, 0, 0, 2 });
            float half = 0.70710678f;
            float[] pose = { 5, 1, 0, 0, half, 0, half, 0, 0, 0, 1 }, positions = new float[6], rotations = new float[8];
            skeleton.World(pose, 0, positions, rotations);
            Assert.AreEqual(7, positions[3], 1e-5f);
            Assert.AreEqual(1, positions[4], 1e-5f);
            Assert.AreEqual(0, positions[5], 1e-5f);
            Assert.AreEqual(half, rotations[5], 1e-5f);
        }

        /// <summary>Whatever a server sends: an engine's transforms take no other.</summary>
        [Test]
        public void RotationsHaveLengthOne()
        {
            var skeleton = new Skeleton(new[] { "root", "arm" }, new[] { -1, 0 }, new float[6]);
            float[] pose = { 0, 0, 0, 0, 0, 0, 1.5f, 0, 0, 0, 0 }, positions = new float[6], rotations = new float[8];
            skeleton.World(pose, 0, positions, rotations);
            Assert.AreEqual(new float[] { 0, 0, 0, 1, 0, 0, 0, 1 }, rotations);
        }

        /// <summary>Two rows of a place and two rotations, behind a number that is not theirs.</summary>
        [Test]
        public void RowsTurnAsTheirPartsDo()
        {
            float[] rows = { 7, 1, 2, 3, 0.1f, 0.2f, 0.3f, 0.9f, 0, 0, 0, 1, -4, 5, 6, 1, 0, 0, 0, -0.5f, 0.5f, -0.5f, 0.5f };
            var wanted = (float[])rows.Clone();
            foreach (int row in new[] { 1, 12 })
            {
                CanonicalAxes.Positions(wanted, row, 1);
                CanonicalAxes.Rotations(wanted, row + 3, 2);
            }
            Assert.IsTrue(PoseRows.Turn(rows, 1, 2, 11));
            Assert.AreEqual(wanted, rows);
            Assert.Throws<ArgumentOutOfRangeException>(() => PoseRows.Turn(rows, 2, 2, 11));
        }

        [Test]
        public void RowsThatAreNoPoseAreTold()
        {
            foreach (float wrong in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 2f, -2f })
            {
                for (int at = 0; at < 11; at++)
                {
                    float[] row = { 1e6f, -1e6f, 0, 0, 0, 0, 1, 0, 0, 0, -1 };
                    row[at] = wrong;
                    bool place = at < 3 && Math.Abs(wrong) == 2;
                    Assert.AreEqual(place, PoseRows.Turn(row, 0, 1, 11), wrong + " at " + at);
                    row[at] = wrong;
                    Assert.AreEqual(Math.Abs(wrong) == 2, PoseRows.AreFinite(row, 11), wrong + " at " + at);
                    Assert.IsTrue(PoseRows.AreFinite(row, at));
                }
            }
        }

        [Test]
        public void AxesAreTheirOwnInverse()
        {
            float[] place = { 1, 2, 3 }, turn = { 0.1f, 0.2f, 0.3f, 0.9f };
            CanonicalAxes.Positions(place, 0, 1);
            CanonicalAxes.Rotations(turn, 0, 1);
            Assert.AreEqual(new float[] { -1, 2, 3 }, place);
            Assert.AreEqual(new[] { 0.1f, -0.2f, -0.3f, 0.9f }, turn);
            CanonicalAxes.Positions(place, 0, 1);
            Assert.AreEqual(new float[] { 1, 2, 3 }, place);
        }

        [TestCase(0, 0)]
        [TestCase(-1, 1)]
        [TestCase(-1, -1)]
        public void ParentsComeFirst(int first, int second)
        {
            Assert.Throws<ProtocolException>(() => new Skeleton(new[] { "a", "b" }, new[] { first, second }, new float[6]));
        }
    }
}
