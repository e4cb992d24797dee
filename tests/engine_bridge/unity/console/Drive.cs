using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;

namespace Motionwire.Console
{
    /// <summary>A game loop for fault tests: acts the lines of its standard input, tells as JSON lines what happens, ends with its input, and
    /// says how long its calls took.</summary>
    internal static class Drive
    {
        private const int Character = 7;

        public static int Run(ClientOptions options, string mode)
        {
            var done = new ManualResetEvent(false);
            var sentences = new ConcurrentQueue<string>();
            new Thread(() => { Read(sentences); done.Set(); }) { IsBackground = true }.Start();
            var calls = new CallClock();
            double begun = Clock.Now, lastFrame = 0, longestGap = 0, shown = double.NegativeInfinity;
            int frames = 0, footsteps = 0;
            float z = 0;
            var client = new MotionwireClient(options);
            client.Spawn(Character, 0, 0, 0, 0);
            if (mode == "stream") client.Subscribe(60);
            ClientState state = ClientState.Connecting;
            while (!done.WaitOne(14) && Clock.Now - begun < 120)
            {
                Notice notice;
                while (Notices(client, calls, out notice)) Say("notice", "\"kind\":\"" + notice.Kind + "\",\"text\":\"" + Escaped(notice.Text) + "\"");
                if (client.State != state) Say("state", "\"state\":\"" + (state = client.State) + "\"");
                string sentence;
                if (sentences.TryDequeue(out sentence)) Say("asked", "\"ref\":" + client.Act(Character, sentence, 1, 1));
                calls.Begin();
                client.SetInput(Character, 0, 1.3f, float.NaN, 0);
                calls.End();
                PoseFrame frame = mode == "stream" ? Streamed(client, calls) : Stepped(client, calls);
                double now = Clock.Now;
                if (frame != null && frame.IndexOf(Character) >= 0 && frame.ServerTime > shown) // a stream's last pose is held
                {
                    if (lastFrame > 0) longestGap = Math.Max(longestGap, now - lastFrame);
                    if (frames == 0 || now - lastFrame > 0.25) Say("frame", "\"gap_ms\":" + (lastFrame > 0 ? 1000 * (now - lastFrame) : 0).ToString("0"));
                    lastFrame = now;
                    shown = frame.ServerTime;
                    frames++;
                    z = frame.Root[3 * frame.IndexOf(Character) + 1];
                    footsteps += frame.Events.Count(happened => happened.Kind == PoseEventKind.Footstep);
                    foreach (PoseEvent act in frame.Events.Where(happened => happened.Ref > 0)) Say(act.Kind.ToString(), "\"ref\":" + act.Ref);
                }
            }
            double closing = Clock.Now;
            client.Dispose();
            double closed = Clock.Now;
            Say("end", "\"frames\":" + frames + ",\"footsteps\":" + footsteps + ",\"z\":" + z.ToString("0.000") + ",\"longest_gap_ms\":" + (1000 * longestGap).ToString("0")
                + "," + calls.Members + ",\"dispose_ms\":" + (1000 * (closed - closing)).ToString("0.000"));
            client.WaitForEnd(1500);
            return 0;
        }

        private static void Read(ConcurrentQueue<string> lines)
        {
            for (string line = System.Console.ReadLine(); line != null; line = System.Console.ReadLine()) lines.Enqueue(line);
        }

        private static PoseFrame Streamed(MotionwireClient client, CallClock calls)
        {
            calls.Begin();
            client.SendInput();
            calls.End();
            calls.Begin();
            PoseFrame frame = client.Sample();
            calls.End();
            return frame;
        }

        /// <summary>As Unity's component does: first what came too late, then a step, and only where one was sent a wait for its pose.</summary>
        private static PoseFrame Stepped(MotionwireClient client, CallClock calls)
        {
            PoseFrame frame = Take(client, calls, 0);
            calls.Begin();
            bool sent = client.Step(1 / 60f);
            calls.End();
            return frame == null && sent ? Take(client, calls, 1) : frame;
        }

        private static PoseFrame Take(MotionwireClient client, CallClock calls, int milliseconds)
        {
            calls.Begin();
            PoseFrame frame = client.Take(milliseconds);
            calls.End();
            return frame;
        }

        private static bool Notices(MotionwireClient client, CallClock calls, out Notice notice)
        {
            calls.Begin();
            bool there = client.TryGetNotice(out notice);
            calls.End();
            return there;
        }

        private static void Say(string what, string more)
        {
            System.Console.WriteLine("{\"event\":\"" + what + "\",\"at_ms\":" + (1000 * Clock.Now).ToString("0") + "," + more + "}");
            System.Console.Out.Flush();
        }

        private static string Escaped(string text)
        {
            return text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "").Replace("\t", " ");
        }
    }
}
