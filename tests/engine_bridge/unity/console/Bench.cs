using System;
using System.Collections.Generic;
using System.Linq;

namespace Motionwire.Console
{
    /// <summary>Lock-step at 60 Hz, a second at a time by turns with other programs: every round trip, from before the step until its decoded
    /// pose is in hand.</summary>
    internal static class Bench
    {
        private const int WarmUp = 10, Counted = 48; // ticks of a turn of one second
        private const int CountedBytes = 60; // frames
        private const double OthersEndSeconds = 12; // the last turns of other programs

        /// <summary>turns: when they begin, s after `begin` (unix time), later by as much as the first one is; the first is not counted.</summary>
        public static int Run(ClientOptions options, int characters, double begin, int[] turns)
        {
            var trips = new List<string>();
            int frames = 0, lost = 0;
            double late;
            using (var client = new MotionwireClient(options))
            {
                Walk.Spawn(client, characters);
                late = Math.Max(0, UnixTime - begin - turns[0]);
                for (int round = 0; round < turns.Length; round++)
                {
                    Threads.SleepUntil(Clock.Now + begin + turns[round] + late - UnixTime);
                    List<double> took = Turn(client, characters, 60 * round);
                    if (round == 0) continue;
                    frames += took.Count;
                    lost += Counted - took.Count;
                    trips.Add("[" + string.Join(",", took.Select(trip => trip.ToString("0.0000")).ToArray()) + "]");
                }
            }
            Threads.SleepUntil(Clock.Now + OthersEndSeconds);
            double bytes = Allocations.Bytes(options, characters, CountedBytes) / (double)CountedBytes;
            System.Console.WriteLine("{\"rtt_ms\":[" + string.Join(",", trips.ToArray()) + "],\"frames\":" + frames + ",\"lost\":" + lost
                + ",\"late_s\":" + late.ToString("0.000") + ",\"bytes_allocated_per_frame\":" + bytes.ToString("0.##") + "}");
            return 0;
        }

        private static double UnixTime
        {
            get { return (DateTime.UtcNow - new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds; }
        }

        /// <summary>The counted round trips of a second, ms; those that were lost are not among them.</summary>
        private static List<double> Turn(MotionwireClient client, int characters, int first)
        {
            var trips = new List<double>();
            double due = Clock.Now;
            for (int tick = -WarmUp; tick < Counted; tick++)
            {
                Walk.Steer(client, characters, first + tick);
                double sent = Clock.Now;
                bool stepped = client.Step(1 / 60f);
                PoseFrame frame = null;
                while (stepped && frame == null && Clock.Now - sent < 1) frame = client.Take(MotionwireClient.LongestWaitMs);
                double now = Clock.Now;
                if (tick >= 0 && frame != null && frame.Count == characters) trips.Add(1000 * (now - sent));
                due = Math.Max(due + 1 / 60.0, now);
                Threads.SleepUntil(due);
            }
            return trips;
        }
    }
}
