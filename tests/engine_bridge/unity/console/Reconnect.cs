using System;
using System.Threading;

namespace Motionwire.Console
{
    /// <summary>Steps one character until the connection was lost and its poses come again.</summary>
    internal static class Reconnect
    {
        public static int Run(ClientOptions options)
        {
            using (var client = new MotionwireClient(options))
            {
                Walk.Spawn(client, 1);
                double lostAt = 0, deadline = Clock.Now + 60;
                float z = 0, zWhenLost = 0;
                bool walks = false;
                while (Clock.Now < deadline)
                {
                    client.SetInput(0, 0, 1.3f, float.NaN, 0);
                    client.Step(1 / 60f);
                    if (client.State != ClientState.Open && lostAt == 0)
                    {
                        lostAt = Clock.Now;
                        zWhenLost = z;
                    }
                    PoseFrame frame = client.Take(MotionwireClient.LongestWaitMs);
                    if (frame != null && !walks) System.Console.Error.WriteLine("it walks"); // now the server may be killed
                    walks |= frame != null;
                    if (frame != null) z = frame.Root[1];
                    if (frame != null && lostAt > 0)
                    {
                        bool kept = frame.Count == 1 && frame.Characters[0] == 0 && Math.Abs(z - zWhenLost) < 0.5f;
                        System.Console.WriteLine("{\"reconnect_ms\":" + (1000 * (Clock.Now - lostAt)).ToString("0.0")
                            + ",\"characters_kept\":" + (kept ? "true" : "false") + ",\"back_at_unix_ms\":" + UnixMs() + "}");
                        return 0;
                    }
                    Thread.Sleep(5);
                }
            }
            System.Console.Error.WriteLine("the connection was not lost and got back within a minute");
            return 1;
        }

        private static long UnixMs()
        {
            return (DateTime.UtcNow - new DateTime(1970, 1, 1)).Ticks / TimeSpan.TicksPerMillisecond;
        }
    }
}
