using System;

namespace Motionwire.Console
{
    /// <summary>Times the calls of a game's thread, on which it is made. To be robbed of the processor by a busy machine is no fault of a call:
    /// what is left without it is the call's own time, be it spent working or waiting.</summary>
    internal sealed class CallClock
    {
        private readonly int schedule = Threads.OpenSchedule();
        private int calls, over;
        private double wall, own, ran, longestOwn;
        private double began, robbed, cpu;

        public void Begin()
        {
            robbed = Threads.RobbedMs(schedule);
            cpu = Threads.CpuMs;
            began = Clock.Now;
        }

        public void End()
        {
            double tookMs = 1000 * (Clock.Now - began), ranMs = Threads.CpuMs - cpu;
            double ownMs = tookMs - (Threads.RobbedMs(schedule) - robbed);
            if (tookMs > wall)
            {
                wall = tookMs;
                own = ownMs;
                ran = ranMs;
            }
            longestOwn = Math.Max(longestOwn, ownMs);
            if (ownMs > 2) over++;
            calls++;
        }

        /// <summary>JSON members; `worst` is the call that took longest, cpu_ms how long it was on the processor.</summary>
        public string Members
        {
            get
            {
                return "\"calls\":" + calls + ",\"over_2_ms\":" + over + ",\"longest_own_ms\":" + longestOwn.ToString("0.000")
                    + ",\"worst\":{\"wall_ms\":" + wall.ToString("0.000") + ",\"own_ms\":" + own.ToString("0.000") + ",\"cpu_ms\":" + ran.ToString("0.000") + "}";
            }
        }
    }
}
