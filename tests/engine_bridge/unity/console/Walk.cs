using System;
using System.Threading;

namespace Motionwire.Console
{
    /// <summary>Characters on a grid that walk in slow circles.</summary>
    internal static class Walk
    {
        /// <summary>Spawns them and waits until all live.</summary>
        public static void Spawn(MotionwireClient client, int characters)
        {
            for (int i = 0; i < characters; i++) client.Spawn(i, 2 * (i % 40), 0, 2 * (i / 40), 0);
            double deadline = Clock.Now + 60;
            while (client.Alive < characters)
            {
                if (Clock.Now > deadline) throw new TimeoutException("not all characters live after a minute: " + client.State);
                Thread.Sleep(1);
            }
        }

        public static void Steer(MotionwireClient client, int characters, int tick)
        {
            for (int i = 0; i < characters; i++)
            {
                double angle = i + tick / 100.0;
                client.SetInput(i, 1.3f * (float)Math.Sin(angle), 1.3f * (float)Math.Cos(angle), float.NaN, 0);
            }
        }
    }
}
