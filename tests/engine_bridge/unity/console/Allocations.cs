using System;
using System.Threading;

namespace Motionwire.Console
{
    /// <summary>Bytes allocated on the managed heap by both halves of the client: the calls of a game's frame, and the network thread's work,
    /// done here on the same thread, since only the own thread's allocations can be asked for.</summary>
    internal static class Allocations
    {
        private const int WarmUp = 120, Frames = 300;

        public static int Run(ClientOptions options, int characters)
        {
            System.Console.WriteLine("{\"frames\":" + Frames + ",\"bytes\":" + Measure(options, characters) + "}");
            return 0;
        }

        public static double PerFrame(ClientOptions options, int characters) { return Measure(options, characters) / (double)Frames; }

        private static long Measure(ClientOptions options, int characters)
        {
            using (var client = new MotionwireClient(options, false))
            {
                for (int i = 0; i < characters; i++) client.Spawn(i, i, 0, 0, 0);
                while (client.Alive < characters) client.Pump(Clock.Now + 0.001);
                long before = 0;
                for (int tick = 0; tick < WarmUp + Frames; tick++)
                {
                    if (tick == WarmUp) before = GC.GetAllocatedBytesForCurrentThread();
                    Walk.Steer(client, characters, tick);
                    if (!client.Step(1 / 60f)) throw new InvalidOperationException("a step was not sent");
                    while (client.Take(0) == null) client.Pump(Clock.Now + 0.001);
                }
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
    }
}
