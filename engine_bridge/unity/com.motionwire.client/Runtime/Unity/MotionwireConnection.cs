using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Events;

namespace Motionwire
{
    public enum ConnectionMode
    {
        /// <summary>Each frame asks for the next pose and shows it: input acts at once.</summary>
        LockStep,

        /// <summary>The server advances characters at its own pace; poses are shown one and a half server frames late, interpolated.</summary>
        Stream,
    }

    /// <summary>The link of a scene to a Motionwire runtime. Characters in the scene find it, and are spawned and posed by it.</summary>
    [AddComponentMenu("Motionwire/Motionwire Connection")]
    [DisallowMultipleComponent]
    [DefaultExecutionOrder(-1000)] // its LateUpdate comes after every Update (input) and the Animator, before other LateUpdates (cameras)
    public sealed class MotionwireConnection : MonoBehaviour
    {
        [Tooltip("Where `motionwire serve` runs. Host, port and token count from the next time that this component is enabled.")]
        public string host = "127.0.0.1";

        [Tooltip("The port that it listens at.")]
        public int port = 5588;

        [Tooltip("Environment variable with the server's token, if it has one. The token itself is best kept out of scenes.")]
        public string tokenVariable = "MOTIONWIRE_TOKEN";

        [Tooltip("Lock Step: each frame asks for its pose; input acts at once, and time scale and pause count. Stream: the server keeps its own pace.")]
        public ConnectionMode mode = ConnectionMode.LockStep;

        [Range(0, MotionwireClient.LongestWaitMs)]
        [Tooltip("Lock-step: ms that a frame waits for its own pose. 0: it never waits and shows the pose of the frame before.")]
        public int waitMilliseconds = 1;

        [Range(1, 240)]
        [Tooltip("Stream: frames per second that the server sends.")]
        public float streamFps = 60;

        [Tooltip("Ask for desired and predicted paths too; MotionwireGizmos draws them.")]
        public bool paths;

        [Tooltip("Say in the console when the connection is made, lost, or refused.")]
        public bool log = true;

        [Tooltip("There is a session; also after a loss.")]
        public UnityEvent onConnected = new UnityEvent();

        [Tooltip("The connection is lost, refused or cannot be made: why. It comes back by itself.")]
        public UnityEvent<string> onDisconnected = new UnityEvent<string>();

        private readonly Dictionary<int, MotionwireCharacter> characters = new Dictionary<int, MotionwireCharacter>();
        private readonly List<MotionwireCharacter> waiting = new List<MotionwireCharacter>();
        private MotionwireClient client;
        private int lastNumber;
        private bool streams, streamsPaths; // as the client was told
        private float streamsFps;

        /// <summary>The token for this run, e.g. from a login; before the component is enabled. Otherwise the environment's.</summary>
        public string Token { get; set; }

        /// <summary>The client itself, for whatever has no component; null while this is disabled. Steps, subscriptions and poses are this
        /// component's, which numbers its characters from 1 up.</summary>
        public MotionwireClient Client { get { return client; } }

        /// <summary>Every pose that is shown, for characters that <see cref="Client"/> spawned; good until the listener returns. Places in it are
        /// the server's.</summary>
        public event Action<PoseFrame> Posed;

        /// <summary>Where the origin of the server's places is in the scene; see <see cref="ShiftOrigin"/>.</summary>
        public Vector3 Origin { get; private set; }

        public ClientState State { get { return client == null ? ClientState.Closed : client.State; } }

        /// <summary>For a floating origin: the scene's objects, characters among them, have been moved by so much.</summary>
        public void ShiftOrigin(Vector3 by)
        {
            Origin += by;
            foreach (MotionwireCharacter character in characters.Values) character.Shift(by);
        }

        /// <summary>Gives a character its number; it is spawned when the server is there.</summary>
        public int Add(MotionwireCharacter character)
        {
            characters.Add(++lastNumber, character);
            waiting.Add(character);
            return lastNumber;
        }

        /// <summary>Gives a character another number: the client has one of its own by the first.</summary>
        internal int Renumber(MotionwireCharacter character)
        {
            characters.Remove(character.Number);
            characters.Add(++lastNumber, character);
            return lastNumber;
        }

        public void Remove(MotionwireCharacter character)
        {
            characters.Remove(character.Number);
            bool spawned = !waiting.Remove(character); // else its number may be somebody else's yet
            if (spawned && client != null) client.Despawn(character.Number);
        }

        private void OnEnable()
        {
            AdoptWaifs();
#if UNITY_WEBGL && !UNITY_EDITOR
            Debug.LogError("Motionwire: a browser gives its pages no sockets, so characters stand still in a WebGL build", this);
            enabled = false;
#else
            Connect();
#endif
        }

        private void Connect()
        {
            string token = Token ?? (tokenVariable.Length > 0 ? Environment.GetEnvironmentVariable(tokenVariable) : null) ?? "";
            client = new MotionwireClient(new ClientOptions { Host = host, Port = port, Token = token, Engine = "unity " + Application.unityVersion });
            streams = false;
            Origin = Vector3.zero; // all are spawned anew, where they stand
            KeepMode();
            waiting.Clear();
            waiting.AddRange(characters.Values);
        }

        /// <summary>The mode may be changed while it plays, and what a stream has.</summary>
        private void KeepMode()
        {
            bool wanted = mode == ConnectionMode.Stream;
            if (streams && !wanted) client.Unsubscribe();
            else if (wanted && !(streams && streamsFps == streamFps && streamsPaths == paths)) client.Subscribe(streamFps, paths);
            streams = wanted;
            streamsFps = streamFps;
            streamsPaths = paths;
        }

        private void OnDisable()
        {
            if (client != null) client.Dispose();
            client = null;
            foreach (MotionwireCharacter character in Everybody()) character.Unplug();
        }

        private void BeginFrame()
        {
            foreach (MotionwireCharacter character in characters.Values) character.BeginFrame();
        }

        private void OnDestroy()
        {
            foreach (MotionwireCharacter character in Everybody()) character.Orphan();
        }

        /// <summary>Characters of scenes that were loaded before this one's.</summary>
        private void AdoptWaifs()
        {
#if UNITY_2023_1_OR_NEWER
            foreach (MotionwireCharacter character in FindObjectsByType<MotionwireCharacter>(FindObjectsSortMode.None)) character.Adopt(this);
#else
            foreach (MotionwireCharacter character in FindObjectsOfType<MotionwireCharacter>()) character.Adopt(this);
#endif
        }

        /// <summary>The characters now: listeners may add and remove some while each is told.</summary>
        private List<MotionwireCharacter> Everybody() { return new List<MotionwireCharacter>(characters.Values); }

        /// <summary>Listeners may disable this component in the midst of it: then there is no client any more.</summary>
        private void LateUpdate()
        {
            BeginFrame();
            Tell();
            SpawnWaiting();
            if (client != null) KeepMode();
            if (streams) Stream();
            else LockStep();
            foreach (MotionwireCharacter character in characters.Values) character.EndFrame();
        }

        private void LockStep()
        {
            while (client != null && ShowNext(0)) { }
            if (client != null && client.Step(Time.deltaTime, paths)) ShowNext(waitMilliseconds);
        }

        private bool ShowNext(int milliseconds)
        {
            PoseFrame frame = client.Take(milliseconds);
            if (frame != null) Show(frame);
            return frame != null;
        }

        private void Stream()
        {
            if (client == null) return;
            client.SendInput();
            PoseFrame frame = client.Sample();
            if (frame != null) Show(frame);
        }

        private void Show(PoseFrame frame)
        {
            MotionwireCharacter character;
            Skeleton skeleton = client.Welcome.Skeleton;
            if (frame.Joints != skeleton.Count) return; // of a server that has gone
            for (int i = 0; i < frame.Count; i++)
            {
                if (characters.TryGetValue(frame.Characters[i], out character)) character.Show(frame, i, skeleton);
            }
            for (int i = 0; i < frame.Events.Count; i++)
            {
                PoseEvent happened = frame.Events[i];
                if (characters.TryGetValue(happened.Character, out character)) character.Happened(happened);
            }
            if (Posed != null) Posed(frame);
        }

        /// <summary>How large a character is to the server follows from its skeleton, which the server tells first.</summary>
        private void SpawnWaiting()
        {
            if (waiting.Count == 0 || client == null || client.Welcome == null) return;
            foreach (MotionwireCharacter character in waiting) character.SpawnIn(client);
            waiting.Clear();
        }

        private void Tell()
        {
            Notice notice;
            while (client != null && client.TryGetNotice(out notice))
            {
                if (notice.Kind == NoticeKind.Connected)
                {
                    if (log) Debug.Log("Motionwire: " + notice.Text, this);
                    if (notice.Resumed) ResumeSession();
                    else BeginSession(notice.Ref);
                    onConnected.Invoke();
                }
                else if (notice.Kind == NoticeKind.RequestFailed) TellFailure(notice);
                else
                {
                    if (log) Debug.LogWarning("Motionwire: " + notice.Text, this);
                    onDisconnected.Invoke(notice.Text);
                }
            }
        }

        /// <summary>It may be another server's: one that has nothing to do with the last one's skeleton and acts.</summary>
        private void BeginSession(uint itsFirst)
        {
            foreach (MotionwireCharacter character in Everybody())
            {
                character.ActsLost(itsFirst);
                character.Resettle();
            }
        }

        private void ResumeSession()
        {
            foreach (MotionwireCharacter character in characters.Values) character.Resumed();
        }

        private void TellFailure(Notice notice)
        {
            if (notice.Of == "act")
            {
                foreach (MotionwireCharacter character in Everybody()) character.ActRefused(notice.Ref, notice.Text);
            }
            else Debug.LogWarning("Motionwire: " + notice.Of + ": " + notice.Text, this);
        }
    }
}
