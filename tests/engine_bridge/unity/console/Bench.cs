using System;
using System.Collections.Generic;
using System.Linq;

namespace Motionwire.Console
{
    /// <summary>Lock-step at 60 Hz: every round trip, from before the step until its decoded pose is in hand.</summary>
    internal static class Bench
    {
        private const int WarmUp = 60; // ticks that are not counted

        public static int Run(ClientOptions options, int characters, double seconds)
        {
            var trips = new List<double>();
            int frames = 0, lost = 0;
            using (var client = new MotionwireClient(options))
            {
                Walk.Spawn(client, characters);
                double due = Clock.Now;
                int ticks = (int)(60 * seconds);
                for (int tick = -WarmUp; tick < ticks; tick++)
                {
                    Walk.Steer(client, characters, tick);
                    double sent = Clock.Now;
                    bool stepped = client.Step(1 / 60f);
                    PoseFrame frame = null;
                    while (stepped && frame == null && Clock.Now - sent < 1) frame = client.Take(MotionwireClient.LongestWaitMs);
                    double now = Clock.Now;
                    if (tick >= 0)
                    {
                        if (frame != null && frame.Count == characters)
                        {
                            frames++;
                            trips.Add(1000 * (now - sent));
                        }
                        else lost++;
                    }
                    due = Math.Max(due + 1 / 60.0, now);
                    Threads.SleepUntil(due);
                }
            }
            const int counted = 60; // in each of the benchmark's rounds
            double bytes = Allocations.Bytes(options, characters, counted) / (double)counted;
            string list = string.Join(",", trips.Select(trip => trip.ToString("0.0000")).ToArray());
            System.Console.WriteLine("{\"rtt_ms\":[" + list + "],\"frames\":" + frames + ",\"lost\":" + lost + ",\"bytes_allocated_per_frame\":"
                + bytes.ToString("0.##") + "}");
            return 0;
        }
    }
}
