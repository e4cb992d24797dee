using System;
using Motionwire;
using NUnit.Framework;

namespace MotionwireTests
{
    public sealed class JitterBufferTests
    {
        private const double Frame = 1 / 60.0;
        private readonly Inbox pool = new Inbox();
        private readonly PoseFrame shown = new PoseFrame();

        /// <summary>A stream at 1 m/s whose frames come up to 8 ms late is shown at 1 m/s; its latest frames alone would jump.</summary>
        [Test]
        public void ShowsUnevenFramesEvenly()
        {
            var buffer = new JitterBuffer(pool, 60);
            var chance = new Random(1);
            double worst = 0, before = double.NaN;
            int next = 0;
            var arrivals = new double[600];
            for (int i = 0; i < arrivals.Length; i++) arrivals[i] = 100 + i * Frame + 0.008 * chance.NextDouble();
            for (double now = 100; now < 100 + 595 * Frame; now += 1 / 90.0)
            {
                for (; next < arrivals.Length && arrivals[next] <= now; next++) buffer.Add(At(next, arrivals[next]), shown);
                if (!buffer.Sample(now, shown)) continue;
                double z = shown.Poses[2];
                if (now > 101 && !double.IsNaN(before)) worst = Math.Max(worst, Math.Abs((z - before) * 90 - 1));
                before = z;
            }
            Assert.Less(worst, 0.034);
        }

        [Test]
        public void TellsEachEventOnceInTime()
        {
            var buffer = new JitterBuffer(pool, 60);
            int told = 0;
            for (int i = 0; i < 100; i++)
            {
                PoseFrame frame = At(i, 50 + i * Frame);
                frame.Events.Add(new PoseEvent { Character = i });
                buffer.Add(frame, shown);
                buffer.Sample(50 + i * Frame, shown);
                foreach (PoseEvent happened in shown.Events)
                {
                    Assert.AreEqual(told, happened.Character);
                    told++;
                }
                shown.Events.Clear();
            }
            Assert.GreaterOrEqual(told, 97); // those of the last frames lie ahead
        }

        /// <summary>A restarted server's clock begins anew: its frames are shown at once.</summary>
        [Test]
        public void FollowsAnotherClock()
        {
            var buffer = new JitterBuffer(pool, 60);
            for (int i = 0; i < 60; i++) buffer.Add(At(i + 6000, 10 + i * Frame), shown);
            buffer.Sample(11, shown);
            for (int i = 0; i < 10; i++) buffer.Add(At(i, 12 + i * Frame), shown);
            Assert.IsTrue(buffer.Sample(12 + 9 * Frame, shown));
            Assert.Less(shown.Poses[2], 10 * Frame);
            Assert.Greater(shown.Poses[2], 6 * Frame);
        }

        [Test]
        public void NothingIsBetweenTwoPlacesOfATeleport()
        {
            var buffer = new JitterBuffer(pool, 60);
            for (int i = 0; i < 60; i++)
            {
                PoseFrame frame = At(i, 10 + i * Frame);
                frame.Teleports[0] = i / 30;
                frame.Poses[2] += 100 * frame.Teleports[0];
                buffer.Add(frame, shown);
            }
            for (double now = 10.1; now < 11; now += 0.003)
            {
                Assert.IsTrue(buffer.Sample(now, shown));
                Assert.IsTrue(shown.Teleports[0] == 0 ? shown.Poses[2] < 0.5f : shown.Poses[2] > 100.49f, shown.Poses[2].ToString());
            }
            Assert.AreEqual(1, shown.Teleports[0]);
        }

        /// <summary>The others go on at 1 m/s, wherever they stand in the frame.</summary>
        [Test]
        public void WhoComesOrGoesHaltsNobody()
        {
            var buffer = new JitterBuffer(pool, 60);
            double before = double.NaN;
            for (int i = 0; i < 60; i++)
            {
                PoseFrame frame = At(i, 10 + i * Frame);
                int[] there = i < 20 ? new[] { 1 } : i < 40 ? new[] { 8, 9, 1 } : new[] { 9, 1 };
                frame.Resize(there.Length, 1);
                for (int k = 0; k < there.Length; k++)
                {
                    frame.Characters[k] = there[k];
                    frame.Teleports[k] = 0;
                    frame.Poses[7 * k + 2] = there[k] == 1 ? (float)frame.ServerTime : 100 * there[k];
                    frame.Poses[7 * k + 6] = 1;
                }
                buffer.Add(frame, shown);
                for (double now = 10 + i * Frame; now < 10 + (i + 0.9) * Frame; now += Frame / 4)
                {
                    buffer.Sample(now, shown);
                    double z = shown.Poses[7 * shown.IndexOf(1) + 2];
                    if (i > 5) Assert.AreEqual(Frame / 4, z - before, 1e-4, "frame " + i);
                    before = z;
                    if (shown.IndexOf(9) >= 0) Assert.AreEqual(900, shown.Poses[7 * shown.IndexOf(9) + 2]);
                }
            }
        }

        /// <summary>A server that is asked for fewer frames in a second: none that it sent before is lost, nor is what happened.</summary>
        [Test]
        public void KeepsWhatItHoldsAtAnotherRate()
        {
            var buffer = new JitterBuffer(pool, 60);
            var seen = new PoseFrame();
            int told = 0;
            for (int i = 0; i < 100; i++)
            {
                if (i == 50) buffer.Fps = 20;
                if (i > 50 && i % 3 != 0) continue;
                PoseFrame frame = At(i, 50 + i * Frame);
                frame.Events.Add(new PoseEvent { Character = told });
                buffer.Add(frame, seen);
                buffer.Sample(50 + i * Frame, seen);
                told++;
            }
            for (int i = 0; i < seen.Events.Count; i++) Assert.AreEqual(i, seen.Events[i].Character);
            Assert.GreaterOrEqual(seen.Events.Count, told - 3);
            Assert.AreEqual((99 - 1.5 * 3) * Frame, seen.ServerTime, 0.5 * Frame);
        }

        [Test]
        public void InterpolatesTheShortWay()
        {
            float[] a = { 0, 0, 0, 1 }, b = { 0, -0.6f, 0, -0.8f }, c = new float[4];
            Quaternions.Interpolate(a, 0, b, 0, 0.5f, c);
            Assert.AreEqual(0.3162f, c[1], 1e-3f);
            Assert.AreEqual(0.9487f, c[3], 1e-3f);
        }

        private PoseFrame At(int number, double arrival)
        {
            PoseFrame frame = pool.Rent();
            frame.Resize(1, 1);
            frame.Events.Clear();
            frame.Characters[0] = 1;
            frame.Teleports[0] = 0;
            frame.ServerTime = number * Frame;
            frame.Arrival = arrival;
            frame.Poses[2] = (float)(number * Frame);
            frame.Poses[6] = 1;
            return frame;
        }
    }
}
