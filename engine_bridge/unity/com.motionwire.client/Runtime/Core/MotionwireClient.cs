using System;
using System.Threading;

namespace Motionwire
{
    /// <summary>A session with a Motionwire runtime: characters, steps, streams, acted sentences and clips.</summary>
    /// <remarks>For one thread, a game's main thread. No call waits for the network, but <see cref="Take"/> if it is told to. A thread of its
    /// own connects, reads, keeps the session alive and gets it back after a loss, with its characters. Values are in Unity's axes.
    /// <code>
    /// using (var client = new MotionwireClient(new ClientOptions()))
    /// {
    ///     client.Spawn(1, 0, 0, 0, 0);
    ///     // each frame:
    ///     client.SetInput(1, 0, 1.4f, float.NaN, 0);
    ///     client.Step(dt);
    ///     PoseFrame frame = client.Take(1);
    /// }
    /// </code></remarks>
    public sealed class MotionwireClient : IDisposable
    {
        /// <summary>ms that <see cref="Take"/> waits at most.</summary>
        public const int LongestWaitMs = 2;

        private const int MinorWithTeleport = 3;
        private const float LongestStep = 0.25f; // s
        private const double StepLostAfter = 1.0; // s without its pose

        private readonly Inbox inbox = new Inbox();
        private readonly Roster roster = new Roster();
        private readonly Link link;
        private readonly MessagePackWriter writer = new MessagePackWriter();
        private readonly PoseFrame shown = new PoseFrame();
        private readonly Thread networkThread;
        private ZmtpConnection steppedOn;
        private double steppedAt;
        private long seq;
        private float owed;
        private int creditOwed;
        private PoseFrame taken;
        private JitterBuffer jitter;

        public MotionwireClient(ClientOptions options) : this(options, true) { }

        internal MotionwireClient(ClientOptions options, bool onThread)
        {
            if (options.Port < 1 || options.Port > 65535) throw new ArgumentOutOfRangeException("options", options.Port, "no port");
            link = new Link(options, roster, inbox);
            if (!onThread) return;
            networkThread = new Thread(link.Run) { IsBackground = true, Name = "Motionwire" };
            networkThread.Start();
        }

        public ClientState State { get { return link.State; } }

        /// <summary>What the server said last when a session opened; null before.</summary>
        public Welcome Welcome { get { return link.Welcome; } }

        /// <summary>Characters that live on the server now.</summary>
        public int Alive { get { return link.Open == null ? 0 : roster.Alive; } }

        /// <summary>Does the network thread's work until a time by <see cref="Clock"/>; where there is no such thread.</summary>
        internal void Pump(double deadline) { link.Turn(deadline); }

        /// <summary>Wants a character on the ground at a place (m), with a heading (rad, positive to the right). It lives as soon as the server
        /// is there, and again after a loss. False if there is one of that number.</summary>
        /// <param name="model">a name among the welcome's models; empty: the first</param>
        public bool Spawn(int character, float x, float y, float z, float heading, string model = "", uint seed = 0)
        {
            if (character < 0) throw new ArgumentOutOfRangeException("character");
            if (!roster.Add(character, x, y, z, heading, model, seed)) return false;
            SendCast();
            return true;
        }

        /// <summary>Removes a character; its number may be used again at once.</summary>
        public void Despawn(int character)
        {
            if (roster.Remove(character)) SendCast();
        }

        /// <summary>Puts a character to a place on the ground (m), with a heading (rad, positive to the right), as it is: what it does and acts goes
        /// on there. Heights and path told before are forgotten.</summary>
        /// <returns>how many teleports of it that makes: poses of frames with fewer <see cref="PoseFrame.Teleports"/> show the place before. 0:
        /// there is none of that number, or the server does not know how (protocol 1.2)</returns>
        public int Teleport(int character, float x, float y, float z, float heading)
        {
            if (!IsFinite(x) || !IsFinite(y) || !IsFinite(z) || !IsFinite(heading)) throw new ArgumentException("a place of " + x + ", " + y + ", " + z);
            Welcome welcome = link.Welcome;
            if (welcome != null && welcome.Minor < MinorWithTeleport) return 0;
            int teleports = roster.Teleport(character, x, y, z, heading);
            if (teleports > 0) SendCast();
            return teleports;
        }

        public bool IsAlive(int character) { return link.Open != null && roster.IsAlive(character); }

        /// <summary>What the character shall do until it is told something else: velocity over the ground in m/s in the world, facing in rad
        /// (positive to the right; NaN: where it moves), style: index into the model's styles. False if there is none of that number.</summary>
        /// <remarks>A server refuses the whole step for one style that its model does not have.</remarks>
        public bool SetInput(int character, float moveX, float moveZ, float facing, int style)
        {
            if (!IsFinite(moveX) || !IsFinite(moveZ)) throw new ArgumentException("a velocity of " + moveX + ", " + moveZ);
            if (float.IsInfinity(facing)) throw new ArgumentException("a facing of " + facing);
            if (style < 0) throw new ArgumentOutOfRangeException("style", style, "no style");
            return roster.SetInput(character, moveX, moveZ, facing, style);
        }

        /// <summary>Heights of the ground in m at the 12 places of its path (5/6 s ago to 1 s ahead; NaN: as where it was spawned); null: even.
        /// They are told once, with the next step or input, and hold where those places are then: tell them anew as it goes on, and after a
        /// loss of the session.</summary>
        public bool SetHeights(int character, float[] heights)
        {
            if (heights != null && heights.Length != PoseFrame.DesiredPlaces) throw new ArgumentException("heights of " + heights.Length + " places");
            return roster.SetHeights(character, heights);
        }

        /// <summary>x, z of the 6 places ahead to which the game holds it, e.g. off walls (NaN: where the input leads); null: nowhere.</summary>
        public bool SetPath(int character, float[] places)
        {
            if (places != null && places.Length != 2 * PoseFrame.PredictedPlaces) throw new ArgumentException("a path of " + places.Length + " numbers");
            return roster.SetPath(character, places);
        }

        /// <summary>Lets all characters advance by dt seconds; their pose comes by <see cref="Take"/>. False when it was not sent: there is no
        /// session, or the pose of the step before has not come (for a second: it is not waited for longer). That time is made up for by the next step, up to 0.25 s.</summary>
        public bool Step(float dt, bool paths = false)
        {
            ZmtpConnection open = link.Open;
            owed = open == null ? 0 : Math.Min(owed + (dt > 0 ? dt : 0), LongestStep); // NaN counts for nothing
            bool awaited = link.AwaitsPose && steppedOn == open && Clock.Now - steppedAt < StepLostAfter;
            if (open == null || awaited || !SendHeights(open) || !roster.WriteInput(writer, true, ++seq, owed, paths)) return false;
            link.Stepped(seq);
            steppedOn = open;
            steppedAt = Clock.Now;
            if (!open.Send(writer))
            {
                link.Answered(seq);
                return false;
            }
            owed = 0;
            return true;
        }

        /// <summary>The pose that a step brought, the oldest first; null when none comes within so many ms (at most 2; for one that has begun to
        /// come 1 at least). It is good until the next call.</summary>
        public PoseFrame Take(int waitMilliseconds)
        {
            Flush();
            if (taken != null) inbox.GiveBack(taken);
            taken = inbox.Take();
            if (taken != null) return taken;
            if (waitMilliseconds <= 0) link.LookForPose();
            else link.WaitForPose(Clock.Now + Math.Min(waitMilliseconds, LongestWaitMs) / 1000.0);
            taken = inbox.Take();
            return taken;
        }

        /// <summary>Lets the server advance all characters at its own pace, and send so many frames per second; see <see cref="Sample"/>.</summary>
        public void Subscribe(float fps, bool paths = false)
        {
            if (!(fps >= 1 && fps <= 240)) throw new ArgumentOutOfRangeException("fps");
            const int credit = 8; // frames under way: more than a hiccup of a tenth of a second
            if (jitter == null) jitter = new JitterBuffer(inbox, fps);
            else jitter.Fps = fps; // what it holds is shown still, and its events are told
            link.WantStream(fps, credit, paths);
            Requests.Subscribe(writer, fps, credit, paths, link.NextRef());
            Send();
        }

        public void Unsubscribe()
        {
            link.WantStream(0, 0, false);
            Requests.Unsubscribe(writer, link.NextRef());
            Send();
            jitter = null;
            inbox.Clear();
        }

        /// <summary>Sends the input of streamed characters.</summary>
        public bool SendInput()
        {
            ZmtpConnection open = link.Open;
            return open != null && SendHeights(open) && roster.WriteInput(writer, false, 0, 0, false) && open.Send(writer);
        }

        /// <summary>What is to be seen of the stream now, interpolated; null before the first frame. It is good until the next call.</summary>
        public PoseFrame Sample()
        {
            if (jitter == null) return null;
            Flush();
            shown.Events.Clear();
            for (PoseFrame frame = inbox.Take(); frame != null; frame = inbox.Take())
            {
                jitter.Add(frame, shown);
                creditOwed++;
            }
            if (creditOwed > 0)
            {
                Requests.Credit(writer, creditOwed);
                if (Send()) creditOwed = 0;
            }
            return jitter.Sample(Clock.Now, shown) ? shown : null;
        }

        /// <summary>Lets the character act a sentence out (up to 512 characters), now or after what is queued. seconds 0: as long as the model
        /// thinks. The number that its events carry; 0 when there is no session.</summary>
        public uint Act(int character, string text, uint seed = 0, float seconds = 0, bool queue = false)
        {
            uint reference = link.NextRef();
            var request = new MessagePackWriter();
            Requests.Act(request, character, text, seed, seconds, queue, reference);
            return link.Ask(request, reference, character, true) ? reference : 0;
        }

        /// <summary>Ends what the character acts, and what is queued.</summary>
        public bool StopActing(int character)
        {
            uint reference = link.NextRef();
            var request = new MessagePackWriter();
            Requests.Stop(request, character, reference);
            return link.Ask(request, reference, character, false);
        }

        /// <summary>Asks for a clip of a sentence; frames at 30 per second, 0: as long as the model thinks.</summary>
        public GeneratedClip Generate(string text, int frames = 0, uint seed = 0)
        {
            GeneratedClip clip = link.NewClip(text);
            Requests.Generate(writer, clip.Request, text, frames, seed);
            if (!Send()) link.Forget(clip, "there is no connection");
            return clip;
        }

        public void Cancel(GeneratedClip clip)
        {
            if (clip.Ended) return;
            Requests.Cancel(writer, clip.Request);
            Send();
            link.Forget(clip, "cancelled");
        }

        /// <summary>What there is to say; false when nothing is left.</summary>
        public bool TryGetNotice(out Notice notice) { return inbox.TryTell(out notice); }

        /// <summary>Takes leave and ends the network thread, which is not waited for.</summary>
        public void Dispose()
        {
            if (State == ClientState.Closed) return;
            Requests.Bye(writer);
            Send();
            link.Close();
        }

        /// <summary>Waits for the network thread to end after Dispose; false when it takes longer. For programs that end themselves
        /// now: Mono may abort where a thread is at work while it shuts down.</summary>
        public bool WaitForEnd(int milliseconds) { return networkThread == null || networkThread.Join(milliseconds); }

        /// <summary>False when there are some to tell that could not be sent.</summary>
        private bool SendHeights(ZmtpConnection open)
        {
            if (!roster.WriteHeights(writer)) return true;
            if (!open.Send(writer)) return false;
            roster.ToldHeights();
            return true;
        }

        private bool Send()
        {
            ZmtpConnection open = link.Open;
            return open != null && open.Send(writer);
        }

        private void SendCast()
        {
            ZmtpConnection open = link.Open;
            if (open != null) link.SendCast(open, writer);
        }

        private void Flush()
        {
            ZmtpConnection open = link.Open;
            if (open != null) open.Flush();
        }

        private static bool IsFinite(float value) { return !float.IsNaN(value) && !float.IsInfinity(value); }
    }
}
