namespace Motionwire.Console
{
    /// <summary>Steps as fast as poses come, as a game does that is late: how many steps were refused right after the pose of the one before.</summary>
    internal static class FlatOut
    {
        public static int Run(ClientOptions options, int steps)
        {
            int refused = 0, unanswered = 0;
            using (var client = new MotionwireClient(options))
            {
                Walk.Spawn(client, 1);
                for (int i = 0; i < steps; i++)
                {
                    double sent = Clock.Now;
                    while (!client.Step(1 / 60f)) refused++;
                    PoseFrame frame = null;
                    while (frame == null && Clock.Now - sent < 1) frame = client.Take(MotionwireClient.LongestWaitMs);
                    if (frame == null) unanswered++;
                }
            }
            System.Console.WriteLine("{\"refused\":" + refused + ",\"unanswered\":" + unanswered + "}");
            return 0;
        }
    }
}
