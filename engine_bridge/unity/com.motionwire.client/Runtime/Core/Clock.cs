using System.Diagnostics;

namespace Motionwire
{
    /// <summary>This process's monotonic clock.</summary>
    internal static class Clock
    {
        /// <summary>Seconds.</summary>
        public static double Now { get { return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency; } }
    }
}
