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
