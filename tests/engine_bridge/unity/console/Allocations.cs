using System;
using System.Threading;

namespace Motionwire.Console
{
    /// <summary>Bytes allocated on the managed heap by both halves of the client: the calls of a game's frame, and the network thread's work,
    /// done here on the same thread, since only the own thread's allocations can be asked for.</summary>
    internal static class Allocations
    {
        private const int WarmUp = 60;

        public static int Run(ClientOptions options, int characters)
        {
            const int frames = 300;
            System.Console.WriteLine("{\"frames\":" + frames + ",\"bytes\":" + Bytes(options, characters, frames) + "}");
            return 0;
        }

        public static long Bytes(ClientOptions options, int characters, int frames)
        {
            using (var client = new MotionwireClient(options, false))
            {
                for (int i = 0; i < characters; i++) client.Spawn(i, i, 0, 0, 0);
                while (client.Alive < characters) client.Pump(Clock.Now + 0.001);
                long before = 0;
                for (int tick = 0; tick < WarmUp + frames; tick++)
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
