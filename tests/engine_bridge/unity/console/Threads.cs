using System;
using System.Runtime.InteropServices;

namespace Motionwire.Console
{
    /// <summary>What .NET has no word for: sleeping for less than a ms, as the other languages' programs and a game's own clock do, and what
    /// the kernel knows of this thread.</summary>
    internal static class Threads
    {
        private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

        private static readonly byte[] Line = new byte[96];

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

        /// <summary>How long this thread has run, ms.</summary>
        public static double CpuMs
        {
            get
            {
                TimeSpec time;
                clock_gettime(ThreadCpuTime, out time);
                return 1e3 * (long)time.Seconds + 1e-6 * (long)time.Nanoseconds;
            }
        }

        /// <summary>What <see cref="RobbedMs"/> reads for the thread that calls this.</summary>
        public static int OpenSchedule() { return open("/proc/thread-self/schedstat", 0); }

        /// <summary>How long the thread has stood ready without a processor, ms: the second number of "ran_ns waited_ns slices".</summary>
        public static double RobbedMs(int schedule)
        {
            long length = (long)pread(schedule, Line, (IntPtr)Line.Length, IntPtr.Zero);
            double waited = 0;
            for (int i = 0, words = 0; i < length && words < 2; i++)
            {
                if (Line[i] == ' ') words++;
                else if (words == 1) waited = 10 * waited + (Line[i] - '0');
            }
            return 1e-6 * waited;
        }

        [DllImport("libc")]
        private static extern int usleep(uint microseconds);

        [DllImport("libc")]
        private static extern int clock_gettime(int clock, out TimeSpec time);

        [DllImport("libc")]
        private static extern int open(string path, int flags);

        [DllImport("libc")]
        private static extern IntPtr pread(int file, byte[] to, IntPtr size, IntPtr offset);
    }
}
