using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Threading;

namespace Motionwire
{
    /// <summary>The network thread: connects, opens or resumes the session, reads, and begins anew when the connection is lost.</summary>
    /// <remarks>A main thread that waits for poses reads them itself, also those that came later than it waited, and the network thread stands
    /// back: on its way a pose wakes one thread instead of two. It reads where the main thread has not waited for a while; and where it waits
    /// for bytes already, the main thread may wait beside it, and has what comes.</remarks>
    internal sealed class Link
    {
        private const double OpenSeconds = 1.0; // for one try to connect and shake hands
        private const int FirstPauseMs = 50, LongestPauseMs = 500, RefusedPauseMs = 5000; // between two tries
        private const long Never = long.MinValue / 2;
        private const double MissedHeartbeats = 3; // of silence, after which the connection counts as lost
        private const int MostOfWelcome = 128 * 1024, MostOfChunk = 32 * 1024, MostOfOthers = 4 * 1024; // bytes: twice what the protocol allows
        private const int StandBackForMs = 100, StandBackLookMs = 50; // after the main thread's last wait; between two looks meanwhile

        private readonly ClientOptions options;
        private readonly Roster roster;
        private readonly Inbox inbox;
        private readonly PoseDecoder decoder = new PoseDecoder();
        private readonly MessagePackWriter writer = new MessagePackWriter();
        private readonly AutoResetEvent wakeUp = new AutoResetEvent(false), handedBack = new AutoResetEvent(false);
        private readonly object reading = new object(); // held by who reads the connection
        private readonly object gate = new object(), casting = new object(), stepping = new object();
        private readonly Dictionary<uint, GeneratedClip> clips = new Dictionary<uint, GeneratedClip>();
        private readonly List<Asked> asked = new List<Asked>(); // and not answered, the oldest first; under the gate

        private volatile ZmtpConnection connection; // at hand, perhaps still without a session
        private volatile ZmtpConnection open; // with a session
        private volatile Welcome welcome;
        private volatile bool closing;
        private int state = (int)ClientState.Connecting;
        private long steppedSeq, answeredSeq; // the last ones, under `stepping`
        private int lastRef;
        private volatile bool standsBack; // the network thread, until it is told
        private long waitedAt = Never; // by the main thread, ms of Clock

        // Of who reads.
        private double heard, pinged;
        private volatile Exception failure; // that the main thread met

        // Of the network thread alone.
        private string session = "", lastProblem = "";
        private uint helloRef;
        private int pauseMs = FirstPauseMs;

        // Of a stream that is wanted, under the gate.
        private volatile bool streams;
        private bool streamPaths;
        private float streamFps;
        private int streamCredit;

        /// <summary>A request that outlives its connection.</summary>
        private sealed class Asked
        {
            public uint Ref;
            public int Character;
            public bool Acts;
            public MessagePackWriter Message;
        }

        public Link(ClientOptions options, Roster roster, Inbox inbox)
        {
            this.options = options;
            this.roster = roster;
            this.inbox = inbox;
        }

        public ClientState State { get { return closing ? ClientState.Closed : (ClientState)Thread.VolatileRead(ref state); } }

        public Welcome Welcome { get { return welcome; } }

        /// <summary>The connection on which a session is open; null without one.</summary>
        public ZmtpConnection Open { get { return open; } }

        /// <summary>Whether the last step's pose has not come yet.</summary>
        public bool AwaitsPose
        {
            get { lock (stepping) return answeredSeq < steppedSeq; }
        }

        /// <summary>A step goes out.</summary>
        public void Stepped(long seq)
        {
            lock (stepping) steppedSeq = seq;
        }

        /// <summary>A step is answered, or was not sent. False where none of that number waits for it; one that was given up as too late
        /// does still, until a later one is answered: its pose has events that come but once.</summary>
        public bool Answered(long seq)
        {
            lock (stepping)
            {
                if (seq <= answeredSeq || seq > steppedSeq) return false;
                answeredSeq = seq;
                return true;
            }
        }

        public uint NextRef() { return (uint)Interlocked.Increment(ref lastRef); }

        /// <summary>Body of the network thread.</summary>
        public void Run()
        {
            decoder.Rehearse();
            while (!closing) Turn(double.PositiveInfinity);
        }

        public void Close()
        {
            closing = true;
            wakeUp.Set();
            handedBack.Set();
            ZmtpConnection current = connection;
            if (current != null) current.Close();
        }

        /// <summary>One connection from its beginning to its end, or to the deadline (by <see cref="Clock"/>), and the pause after it.</summary>
        public void Turn(double deadline)
        {
            try
            {
                if (open == null) Begin();
                while (!closing && Clock.Now < deadline)
                {
                    if (MainThreadReads && !StandBack()) LookAfterIfQuiet();
                    else Listen(deadline);
                }
                if (!closing) return;
                End("closed", ClientState.Closed);
            }
            catch (ConnectionLostException error)
            {
                End(error.Message, ClientState.Connecting);
            }
            catch (ProtocolException error)
            {
                End("not understood: " + error.Message, ClientState.Connecting);
            }
            catch (RefusedException error)
            {
                End(error.Message, ClientState.Refused);
                pauseMs = RefusedPauseMs;
            }
            catch (SocketException error) // a name that does not resolve, a system without sockets left
            {
                End("cannot connect to " + options.Host + ":" + options.Port + ": " + error.Message, ClientState.Connecting);
            }
            catch (Exception error) // a mistake of this client's: the game goes on, and is told
            {
                if (error is ThreadAbortException) throw;
                End("failed: " + error, ClientState.Connecting);
            }
            if (closing) return;
            wakeUp.WaitOne(pauseMs);
            pauseMs = Math.Min(2 * pauseMs, LongestPauseMs);
        }

        /// <summary>For the main thread: until there is a pose, or the deadline (by <see cref="Clock"/>) is over, give or take half a ms.</summary>
        public void WaitForPose(double deadline)
        {
            Interlocked.Exchange(ref waitedAt, Milliseconds(Clock.Now));
            while (MayWaitForPose(deadline) && failure == null)
            {
                if (!ReadUntilPose(deadline)) inbox.Wait(1); // the network thread reads
            }
        }

        /// <summary>For a main thread that does not wait now, and has lately: takes the pose that came since. One that has begun to come
        /// is waited for, a ms at most: it is on its way.</summary>
        public void LookForPose()
        {
            if (!MainThreadReads || !ReadUntilPose(Clock.Now)) return;
            if (inbox.Count == 0 && connection.HasBegun) ReadUntilPose(Clock.Now + 0.001);
        }

        /// <summary>Systems wait for whole ms, the nearest to what is left.</summary>
        private bool MayWaitForPose(double deadline) { return inbox.Count == 0 && deadline - Clock.Now >= 0.0005; }

        /// <summary>False where the main thread cannot read: there is no session, the network thread is at it, or the connection broke.</summary>
        private bool ReadUntilPose(double deadline)
        {
            if (open == null || !Monitor.TryEnter(reading)) return false;
            try
            {
                do
                {
                    if (open == null || failure != null) return false;
                    if (Receive(deadline, false) || !connection.IsFull) continue;
                    HandBack(); // what comes is too large to be read in between
                    return false;
                }
                while (MayWaitForPose(deadline));
                return true;
            }
            catch (Exception error)
            {
                if (error is ThreadAbortException) throw;
                failure = error;
                connection.ShutDown(); // the network thread may wait for bytes
                HandBack();
                return false;
            }
            finally
            {
                Monitor.Exit(reading);
            }
        }

        public GeneratedClip NewClip(string text)
        {
            var clip = new GeneratedClip(NextRef(), text);
            lock (gate) clips.Add(clip.Request, clip);
            return clip;
        }

        public void Forget(GeneratedClip clip, string why)
        {
            lock (gate) clips.Remove(clip.Request);
            clip.End(why);
        }

        /// <summary>Sends an act or stop of a character, which is the link's from now on. If its answer is lost with the connection, the newest
        /// one of each character is asked again in the resumed session. False when it was not sent.</summary>
        public bool Ask(MessagePackWriter request, uint reference, int character, bool acts)
        {
            lock (gate)
            {
                if (open == null || !open.Send(request)) return false;
                asked.Add(new Asked { Ref = reference, Character = character, Acts = acts, Message = request });
                return true;
            }
        }

        /// <summary>A character's newest request changes nothing where the server has heard it; what came before that would be acted twice.</summary>
        private void AskAgain(ZmtpConnection connection)
        {
            foreach (Asked one in asked.ToArray())
            {
                if (asked.FindLast(other => other.Character == one.Character) == one)
                {
                    connection.Send(one.Message);
                    continue;
                }
                asked.Remove(one);
                const string Why = "the connection was lost";
                if (one.Acts) inbox.Tell(new Notice { Kind = NoticeKind.RequestFailed, Text = Why, Of = "act", Code = "internal", Ref = one.Ref });
            }
        }

        private void StopAsking(uint reference)
        {
            lock (gate) asked.RemoveAll(one => one.Ref == reference);
        }

        /// <summary>Wants a stream, in each session to come too; fps 0: none.</summary>
        public void WantStream(float fps, int credit, bool paths)
        {
            lock (gate)
            {
                streams = fps > 0;
                streamFps = fps;
                streamCredit = credit;
                streamPaths = paths;
            }
        }

        /// <summary>Sends who leaves, who goes elsewhere, and then who is wanted; either thread, with a writer of its own. What cannot be sent now is
        /// sent later, by the network thread.</summary>
        public void SendCast(ZmtpConnection to, MessagePackWriter cast)
        {
            if (!roster.HasLeaving && !roster.HasTeleported && !roster.HasWanted || !Monitor.TryEnter(casting)) return;
            try
            {
                while (roster.WriteNextDespawn(cast, NextRef()))
                {
                    if (!to.Send(cast)) return;
                    roster.Left();
                }
                while (roster.HasTeleported)
                {
                    uint reference = NextRef();
                    if (!roster.WriteNextTeleport(cast, reference)) break;
                    if (to.Send(cast)) continue;
                    roster.Teleported(reference, true);
                    return;
                }
                while (roster.HasWanted)
                {
                    uint reference = NextRef();
                    if (!roster.WriteNextSpawn(cast, reference)) return;
                    if (to.Send(cast)) continue;
                    roster.Answered(reference, false, true);
                    return;
                }
            }
            finally
            {
                Monitor.Exit(casting);
            }
        }

        private void Begin()
        {
            var fresh = new ZmtpConnection();
            connection = fresh;
            if (closing) return;
            fresh.Open(options.Host, options.Port, OpenSeconds);
            heard = pinged = Clock.Now;
            SayHello(new byte[0], new byte[0]);
            while (open == null && !closing) Listen(double.PositiveInfinity);
        }

        private void End(string why, ClientState next)
        {
            bool lost = open != null;
            lock (reading)
            {
                open = null;
                failure = null;
                connection.Close();
            }
            FailClips("the connection was lost: " + why);
            if (closing) return;
            SetState(next);
            if (lost || why != lastProblem)
            {
                NoticeKind kind = next == ClientState.Refused ? NoticeKind.Refused : NoticeKind.Disconnected;
                inbox.Tell(new Notice { Kind = kind, Text = why });
            }
            lastProblem = why;
        }

        private bool MainThreadReads
        {
            get { return Milliseconds(Clock.Now) - Interlocked.Read(ref waitedAt) < StandBackForMs; }
        }

        /// <summary>Of the main thread's reading to the network thread.</summary>
        private void HandBack()
        {
            Interlocked.Exchange(ref waitedAt, Never); // a barrier, too: one of both threads sees what the other has written
            if (standsBack) handedBack.Set();
        }

        /// <summary>Waits a while until the connection is handed back; whether it was.</summary>
        private bool StandBack()
        {
            standsBack = true;
            Thread.MemoryBarrier();
            bool back = !MainThreadReads || handedBack.WaitOne(StandBackLookMs);
            standsBack = false;
            return back;
        }

        private void LookAfterIfQuiet()
        {
            if (!Monitor.TryEnter(reading)) return; // the main thread is at it
            try
            {
                if (failure != null) throw failure;
                LookAfter();
            }
            finally
            {
                Monitor.Exit(reading);
            }
        }

        /// <summary>Takes a message if there is one, or looks after a connection that is quiet and waits for bytes; beside the main thread, if
        /// that waits again.</summary>
        private void Listen(double deadline)
        {
            double until = Clock.Now + StandBackLookMs / 1000.0;
            if (Monitor.TryEnter(reading))
            {
                try
                {
                    if (failure != null) throw failure;
                    bool took = Receive(Clock.Now, true);
                    LookAfter();
                    if (took) return;
                    until = PingDue;
                }
                finally
                {
                    Monitor.Exit(reading);
                }
            }
            connection.Wait(Math.Min(deadline, until));
        }

        /// <summary>Takes one message; false when none came until the deadline, or one that needs more room and must not get it.</summary>
        private bool Receive(double deadline, bool mayGrow)
        {
            int offset, length;
            if (!connection.Read(deadline, mayGrow, out offset, out length)) return false;
            heard = Clock.Now;
            if (open != null) SetState(ClientState.Open);
            Dispatch(connection.Input, offset, length);
            return true;
        }

        private double Heartbeat { get { return welcome == null ? 1.0 : welcome.HeartbeatMs / 1000.0; } }

        private double PingDue { get { return Math.Max(Math.Min(heard, connection.SentAt), pinged) + Heartbeat / 2; } }

        /// <summary>What is due by the clock.</summary>
        private void LookAfter()
        {
            if (open != null) SendCast(connection, writer);
            double now = Clock.Now, silence = now - heard;
            if (now < PingDue) return;
            if (silence > MissedHeartbeats * Heartbeat) throw new ConnectionLostException("the server has not answered for " + silence.ToString("0.0") + " s");
            pinged = now;
            connection.Flush();
            if (open == null) return; // a server that is asked for anything else before has forgotten the session, it says
            if (silence > Heartbeat) SetState(ClientState.Silent);
            Requests.Ping(writer, now);
            connection.Send(writer);
        }

        private static long Milliseconds(double seconds) { return (long)(1000 * seconds); }

        private void SetState(ClientState now) { Thread.VolatileWrite(ref state, (int)now); }

        private void SayHello(byte[] nonce, byte[] proof)
        {
            helloRef = NextRef();
            Requests.Hello(writer, options, session, nonce, proof, helloRef);
            connection.Send(writer);
        }

        private void Dispatch(byte[] buffer, int offset, int length)
        {
            var message = new MessagePackReader(buffer, offset, length);
            MessagePackReader type = TypeOf(message);
            if (!type.Is("pose")) CheckEnd(message); // poses are long, and looked through once
            CheckSize(type, length);
            if (type.Is("welcome")) OnWelcome(Welcome.Read(message, buffer));
            else if (type.Is("challenge")) OnChallenge(message, buffer);
            else if (type.Is("error")) OnError(message);
            else if (type.Is("bye")) throw new ConnectionLostException("the server ended the session: " + TextOf(message, "reason"));
            else if (open == null) return; // nothing else belongs to a session that is not open yet
            else if (type.Is("pose")) OnPose(message, buffer);
            else if (type.Is("accepted")) OnAccepted(message);
            else if (type.Is("progress") || type.Is("clip_begin") || type.Is("clip_chunk") || type.Is("clip_end")) OnClip(type, message, buffer);
        }

        /// <summary>A reader whose key is the message's type.</summary>
        private static MessagePackReader TypeOf(MessagePackReader message)
        {
            for (int pairs = message.Map(); pairs > 0; pairs--)
            {
                message.Key();
                if (message.Is("t"))
                {
                    message.Key();
                    return message;
                }
                message.Skip();
            }
            return new MessagePackReader();
        }

        /// <summary>What is read into objects of its own is many times larger there than on the wire.</summary>
        private static void CheckSize(MessagePackReader type, int length)
        {
            if (type.Is("pose")) return; // read into arrays that are kept, of the sizes that it has on the wire
            int most = type.Is("welcome") ? MostOfWelcome : type.Is("clip_chunk") ? MostOfChunk : MostOfOthers;
            if (length > most) throw new ProtocolException("a message of " + length + " bytes, of which there are " + most + " at most");
        }

        private static void CheckEnd(MessagePackReader message)
        {
            message.Skip();
            if (!message.AtEnd) throw new ProtocolException("a message with something behind it");
        }

        private static string TextOf(MessagePackReader message, string key)
        {
            string text = "";
            for (int pairs = message.Map(); pairs > 0; pairs--)
            {
                message.Key();
                if (message.Is(key)) text = message.String();
                else message.Skip();
            }
            return text;
        }

        private static uint NumberOf(MessagePackReader message, string key)
        {
            uint number = 0;
            for (int pairs = message.Map(); pairs > 0; pairs--)
            {
                message.Key();
                if (message.Is(key)) number = (uint)message.Int();
                else message.Skip();
            }
            return number;
        }

        private void OnWelcome(Welcome said)
        {
            if (open != null) throw new ProtocolException("a second welcome");
            welcome = said;
            session = said.Session;
            lastProblem = "";
            pauseMs = FirstPauseMs;
            roster.BeginSession(said.Resumed ? said.Characters : new int[0]);
            foreach (int number in said.Characters) // removed while the connection was lost, or about to be spawned as it broke
            {
                if (roster.IsAlive(number)) continue;
                Requests.Despawn(writer, number, NextRef());
                connection.Send(writer);
            }
            lock (gate)
            {
                if (streams) // also when resumed: the credit went to frames that never came
                {
                    Requests.Subscribe(writer, streamFps, streamCredit, streamPaths, NextRef());
                    connection.Send(writer);
                }
                if (said.Resumed) AskAgain(connection);
                else asked.Clear();
                SetState(ClientState.Open);
                open = connection;
            }
            string text = "connected to " + said.Server + (said.Resumed ? ", session resumed" : "");
            inbox.Tell(new Notice { Kind = NoticeKind.Connected, Text = text, Resumed = said.Resumed, Ref = helloRef });
        }

        private void OnChallenge(MessagePackReader message, byte[] buffer)
        {
            if (open != null || NumberOf(message, "ref") != helloRef) return;
            if (options.Token.Length == 0) throw new RefusedException("the server asks for a token");
            var nonce = new byte[0];
            for (int pairs = message.Map(); pairs > 0; pairs--)
            {
                message.Key();
                if (message.Is("nonce"))
                {
                    int offset, length;
                    message.Bytes(out offset, out length);
                    nonce = new byte[Math.Min(length, 32)];
                    Buffer.BlockCopy(buffer, offset, nonce, 0, nonce.Length);
                }
                else message.Skip();
            }
            SayHello(nonce, Proof.Of(options.Token, nonce));
        }

        private void OnError(MessagePackReader message)
        {
            string of = TextOf(message, "of"), code = TextOf(message, "code"), text = TextOf(message, "message");
            uint reference = NumberOf(message, "ref");
            if (of == "hello" || code == "version") throw new RefusedException("the server refuses: " + text);
            if (code == "no_session" && open == null) return; // the answer to hello is still to come
            if (code == "no_session") throw new ConnectionLostException("the server has forgotten this session");
            if (of == "spawn") roster.Answered(reference, code == "character_exists", false);
            else if (of == "teleport") roster.Teleported(reference, false);
            else if (of == "step") Answered(reference);
            else if (of == "act" || of == "stop") StopAsking(reference);
            else if (of == "generate") EndClip(reference, text);
            if (of == "spawn" && code == "character_exists" || of == "generate" || of == "cancel") return;
            inbox.Tell(new Notice { Kind = NoticeKind.RequestFailed, Text = text, Of = of, Code = code, Ref = reference });
        }

        private void OnAccepted(MessagePackReader message)
        {
            if (TypeIs(message, "spawn")) roster.Answered(NumberOf(message, "ref"), true, false);
            else if (TypeIs(message, "teleport")) roster.Teleported(NumberOf(message, "ref"), false);
            else if (TypeIs(message, "act") || TypeIs(message, "stop")) StopAsking(NumberOf(message, "ref"));
        }

        private static bool TypeIs(MessagePackReader accepted, string type)
        {
            bool found = false;
            for (int pairs = accepted.Map(); pairs > 0; pairs--)
            {
                accepted.Key();
                if (accepted.Is("of"))
                {
                    accepted.Key();
                    found = accepted.Is(type);
                }
                else accepted.Skip();
            }
            return found;
        }

        private void OnPose(MessagePackReader message, byte[] buffer)
        {
            PoseFrame frame = inbox.Rent();
            bool wanted = false;
            try
            {
                decoder.Decode(message, buffer, frame);
                if (frame.Joints != welcome.Skeleton.Count) throw new ProtocolException("a pose of " + frame.Joints + " joints");
                frame.Arrival = Clock.Now;
                wanted = frame.Stream ? streams : Answered(frame.Seq); // before it can be taken: the next step may follow at once
            }
            finally
            {
                if (!wanted) inbox.GiveBack(frame);
            }
            if (!wanted) return;
            roster.Saw(frame);
            inbox.Add(frame);
        }

        private void OnClip(MessagePackReader type, MessagePackReader message, byte[] buffer)
        {
            GeneratedClip clip;
            uint request = NumberOf(message, "request");
            lock (gate)
            {
                if (!clips.TryGetValue(request, out clip)) return;
            }
            if (type.Is("progress")) clip.Progress(message);
            else if (type.Is("clip_begin")) clip.Begin(message, buffer, welcome.Skeleton);
            else if (type.Is("clip_chunk")) clip.Add(message, buffer);
            else EndClip(request, null);
        }

        private void EndClip(uint request, string why)
        {
            lock (gate)
            {
                GeneratedClip clip;
                if (!clips.TryGetValue(request, out clip)) return;
                clips.Remove(request);
                clip.End(why);
            }
        }

        private void FailClips(string why)
        {
            lock (gate)
            {
                foreach (GeneratedClip clip in clips.Values) clip.End(why);
                clips.Clear();
            }
        }
    }
}
