using System.Threading;

namespace Motionwire.Console
{
    /// <summary>Closes a client that is at whatever it is at after a while.</summary>
    internal static class Close
    {
        public static int Run(ClientOptions options)
        {
            var client = new MotionwireClient(options);
            Thread.Sleep(300);
            double begun = Clock.Now;
            client.Dispose();
            double took = Clock.Now - begun;
            bool ended = client.WaitForEnd(1500);
            System.Console.WriteLine("{\"dispose_ms\":" + (1000 * took).ToString("0.000") + ",\"thread_ended\":" + (ended ? "true" : "false") + "}");
            return 0;
        }
    }
}
