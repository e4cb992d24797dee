using System;
using System.Runtime.InteropServices;

namespace Motionwire.Console
{
    /// <summary>What .NET has no word for: sleeping to less than a ms, as the other languages' programs and a game's frame clock do, and a
    /// thread's own processor time.</summary>
    internal static class Threads
    {
        private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

        private struct TimeSpec
        {
            public IntPtr Seconds, Nanoseconds; // long in C
        }

        /// <summary>Until a time by <see cref="Clock"/>.</summary>
        public static void SleepUntil(double time)
        {
            double left = time - Clock.Now;
            if (left > 0) usleep((uint)(1e6 * left));
        }

        /// <summary>Seconds that this thread has run.</summary>
        public static double CpuTime
        {
            get
            {
                TimeSpec time;
                clock_gettime(ThreadCpuTime, out time);
                return (long)time.Seconds + 1e-9 * (long)time.Nanoseconds;
            }
        }

        [DllImport("libc")]
        private static extern int usleep(uint microseconds);

        [DllImport("libc")]
        private static extern int clock_gettime(int clock, out TimeSpec time);
    }
}
