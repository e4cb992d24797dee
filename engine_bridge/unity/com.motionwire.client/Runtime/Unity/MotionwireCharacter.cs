using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Events;

namespace Motionwire
{
    public enum RootMotion
    {
        /// <summary>The transform goes where the character goes.</summary>
        MoveTransform,

        /// <summary>The character is posed around its transform, which the game moves, e.g. by <see cref="MotionwireCharacter.DeltaPosition"/>.</summary>
        InPlace,
    }

    /// <summary>A character that the runtime moves: put it on a Humanoid model, then tell it where to go and what to act.</summary>
    [AddComponentMenu("Motionwire/Motionwire Character")]
    [DisallowMultipleComponent]
    public sealed class MotionwireCharacter : MonoBehaviour
    {
        [Tooltip("Empty: the one in a parent, or in the scene.")]
        public MotionwireConnection connection;

        [Tooltip("A Humanoid model's animator. Empty: the one here or below. Its own animations are overwritten.")]
        public Animator animator;

        [Tooltip("For a rig that is not Humanoid: its bone for each of the 22 joints in the order of the documentation, the hips first, standing in a T-pose.")]
        public Transform[] bones = new Transform[0];

        [Tooltip("Name of the model on the server; empty: its first.")]
        public string model = "";

        [Tooltip("The same seed and the same input give the same motion.")]
        public int seed;

        [Tooltip("Move Transform: this object goes where the character goes. In Place: it stays, and DeltaPosition and DeltaYaw tell how it would go.")]
        public RootMotion rootMotion = RootMotion.MoveTransform;

        [Tooltip("Bend the legs so that standing feet stay where they stand, also where the model's proportions differ.")]
        public bool footIk = true;

        [Tooltip("A foot landed: 0 left, 1 right.")]
        public UnityEvent<int> onFootstep = new UnityEvent<int>();

        [Tooltip("An acted sentence begins, or ends (also when it is stopped or replaced): the number that Act returned.")]
        public UnityEvent<int> onActBegin = new UnityEvent<int>(), onActEnd = new UnityEvent<int>();

        [Tooltip("A sentence cannot be acted, was refused or lost with its server; or the model failed: why.")]
        public UnityEvent<string> onActFailed = new UnityEvent<string>(), onFault = new UnityEvent<string>();

        [SerializeField] [HideInInspector] private TPose tPose = new TPose(); // of `bones`

        private readonly float[] contacts = new float[4];
        private readonly List<uint> acts = new List<uint>(); // asked for, and not over yet
        private readonly List<uint> onStage = new List<uint>(); // begun, and not over yet
        private readonly float[] desired = new float[4 * PoseFrame.DesiredPlaces], predicted = new float[4 * PoseFrame.PredictedPlaces];
        private MotionwireConnection joined; // that has it now
        private MotionwireClient client;
        private Skeleton skeleton;
        private Rig rig;
        private Retargeter retargeter;
        private float[] heldPose = new float[0]; // of the last pose, as are the next two
        private Vector3 heldAt; // its place on the ground, from the wire's origin, in the scene's metres
        private float heldYaw;
        private Vector3 velocity, groundAt, lastPlace, lastOrigin;
        private Quaternion lastTurn = Quaternion.identity;
        private float facing = float.NaN, lastYaw, yawBefore; // rad, as shown last, and at the end of the game's last frame
        private int style, teleports;
        private string styleName;
        private bool seen, placed; // by a pose; by Teleport, where it is spawned next
        private bool shown; // a pose came in this frame of the game
        private bool acting; // in the last pose
        private bool missed; // events, perhaps: the connection broke
        private bool waif; // enabled, and without a connection

        /// <summary>Its number on the server.</summary>
        public int Number { get; private set; }

        /// <summary>Whether the server has it and poses came.</summary>
        public bool IsPosed { get { return seen && client != null && client.IsAlive(Number); } }

        /// <summary>Metres in the scene for a metre on the wire; 1 until the server told its skeleton.</summary>
        public float Scale { get { return retargeter == null ? 1 : retargeter.Scale; } }

        /// <summary>How far and by how many degrees it moved in the game's last frame, however many poses came in it; in the scene's axes.</summary>
        public Vector3 DeltaPosition { get; private set; }
        public float DeltaYaw { get; private set; }

        /// <summary>Gait phase, 0 to 2 pi; 0 in the middle of the left stance.</summary>
        public float Phase { get; private set; }

        public bool IsActing { get { return acting && IsPosed; } }

        /// <summary>Whether paths came with the last pose; for gizmos. Per place: x, z, heading, speed.</summary>
        internal bool HasPaths { get; private set; }
        internal float[] Desired { get { return desired; } }
        internal float[] Predicted { get { return predicted; } }

        /// <summary>How much a part of a foot stands, 0 to 1: 0 left heel, 1 left toe, 2 right heel, 3 right toe.</summary>
        public float Contact(int part) { return contacts[part]; }

        /// <summary>Walk with this velocity over the ground, m/s in the scene, until told otherwise.</summary>
        public void Move(Vector3 metresPerSecond)
        {
            float sum = metresPerSecond.x + metresPerSecond.z;
            if (float.IsNaN(sum) || float.IsInfinity(sum)) throw new System.ArgumentException("a velocity of " + metresPerSecond);
            velocity = metresPerSecond;
            SendInput();
        }

        /// <summary>Look this way while moving.</summary>
        public void Face(Vector3 direction)
        {
            if (direction.x == 0 && direction.z == 0) return;
            facing = Mathf.Atan2(direction.x, direction.z);
            SendInput();
        }

        /// <summary>Look where it moves.</summary>
        public void FaceMovement()
        {
            facing = float.NaN;
            SendInput();
        }

        /// <summary>Move in one of the model's styles. An unknown name is reported once the model is known, and changes nothing.</summary>
        public void Gait(string name)
        {
            styleName = name;
            FindStyle();
            SendInput();
        }

        /// <summary>Act a sentence out from the present pose, then go on moving. The number that events carry; 0: not connected, which
        /// onActFailed says.</summary>
        public int Act(string sentence, int sentenceSeed = 0, float seconds = 0, bool queue = false)
        {
            uint act = client == null ? 0 : client.Act(Number, sentence, (uint)sentenceSeed, seconds, queue);
            if (act != 0) acts.Add(act);
            else onActFailed.Invoke("there is no connection");
            return (int)act;
        }

        public void StopActing()
        {
            if (client != null) client.StopActing(Number);
        }

        /// <summary>Be somewhere else at once, as it is: walking and acting go on there. (With a server older than protocol 1.3 it stands there, and
        /// what it acted is over.)</summary>
        public void Teleport(Vector3 place, float yawDegrees)
        {
            groundAt = lastPlace = place;
            lastYaw = yawBefore = yawDegrees * Mathf.Deg2Rad;
            if (rootMotion == RootMotion.MoveTransform) transform.SetPositionAndRotation(place, Quaternion.AngleAxis(yawDegrees, Vector3.up));
            bool lives = client != null && client == joined.Client;
            int asked = 0;
            if (lives)
            {
                Vector3 onWire = OnWire();
                asked = client.Teleport(Number, onWire.x, onWire.y, onWire.z, lastYaw);
            }
            placed = asked == 0;
            if (asked > 0) teleports = asked;
            else if (lives) BeginAnewThere();
        }

        private void BeginAnewThere()
        {
            seen = false;
            Rejoin();
            foreach (uint act in TakeActs()) onActEnd.Invoke((int)act);
        }

        /// <summary>Is spawned again, under another number: poses of the old place may be on their way.</summary>
        private void Rejoin()
        {
            joined.Remove(this);
            Number = joined.Add(this);
        }

        /// <summary>Those that were not over, which are now.</summary>
        private uint[] TakeActs()
        {
            uint[] all = acts.ToArray();
            acts.Clear();
            onStage.Clear();
            return all;
        }

        /// <summary>Brings the character to life; its connection calls this when the server is there.</summary>
        internal void SpawnIn(MotionwireClient with)
        {
            client = with;
            FindStyle();
            UseSkeleton(with.Welcome.Skeleton);
            if (!placed)
            {
                groundAt = transform.position;
                Vector3 ahead = transform.forward;
                lastYaw = Mathf.Atan2(ahead.x, ahead.z);
            }
            placed = seen = false;
            yawBefore = lastYaw;
            teleports = 0;
            Vector3 onWire = OnWire();
            while (!client.Spawn(Number, onWire.x, onWire.y, onWire.z, lastYaw, model, (uint)seed)) Number = joined.Renumber(this);
            SendInput();
        }

        private Vector3 OnWire() { return (groundAt - joined.Origin) / Scale; }

        /// <summary>A new session. Its model may have other styles, and for one that it does not have the server refuses everybody's step; where
        /// its skeleton has another size, this character's place is another one on the wire.</summary>
        internal void Resettle()
        {
            style = 0;
            FindStyle();
            SendInput();
            if (client == null || client.Welcome == null || !seen) return;
            float before = Scale;
            UseSkeleton(client.Welcome.Skeleton);
            if (Scale != before) Rejoin();
        }

        /// <summary>A frame of the game begins, in which there may be several poses, or none.</summary>
        internal void BeginFrame()
        {
            DeltaPosition = Vector3.zero;
            DeltaYaw = 0;
            yawBefore = lastYaw;
            shown = false;
        }

        /// <summary>A frame of the game ends. One without a pose shows the one before, around this object: an Animator has written its own.</summary>
        internal void EndFrame()
        {
            if (shown || !seen || retargeter == null || heldPose.Length != 3 + 4 * skeleton.Count) return;
            Quaternion turn = transform.rotation * Quaternion.Inverse(Yaw(heldYaw));
            Pose(heldPose, 0, transform.position - turn * heldAt, turn);
        }

        /// <summary>The scene was moved by so much, this object with it.</summary>
        internal void Shift(Vector3 by)
        {
            groundAt += by;
            lastPlace += by;
            lastOrigin += by;
        }

        /// <summary>Takes a pose; its connection calls this.</summary>
        internal void Show(PoseFrame frame, int index, Skeleton itsSkeleton)
        {
            if (frame.Teleports[index] != teleports) return; // where it was before
            UseSkeleton(itsSkeleton);
            KeepPaths(frame, index);
            float yaw = frame.Root[3 * index + 2];
            Vector3 origin = joined.Origin;
            var onWire = new Vector3(Scale * frame.Root[3 * index], groundAt.y - origin.y, Scale * frame.Root[3 * index + 1]);
            Vector3 place = origin + onWire, moved = seen ? place - lastPlace : Vector3.zero;
            float turned = seen ? Turn(lastYaw, yaw) : 0;
            Quaternion turn = Quaternion.identity;
            if (rootMotion == RootMotion.MoveTransform) transform.SetPositionAndRotation(place, Yaw(yaw));
            else
            {
                turn = transform.rotation * Quaternion.Inverse(Yaw(yaw));
                origin = transform.position - turn * onWire;
                moved = transform.rotation * (Quaternion.Inverse(Yaw(yawBefore)) * moved);
            }
            DeltaPosition += moved;
            DeltaYaw += turned * Mathf.Rad2Deg;
            Phase = frame.Phase[index];
            bool rested = !acting;
            acting = frame.Acting[index] != 0;
            System.Array.Copy(frame.Contacts, 4 * index, contacts, 0, 4);
            if (retargeter != null) Pose(frame.Poses, index * frame.Stride, origin, turn);
            if (heldPose.Length != frame.Stride) heldPose = new float[frame.Stride];
            System.Array.Copy(frame.Poses, index * frame.Stride, heldPose, 0, frame.Stride);
            heldAt = onWire;
            heldYaw = lastYaw = yaw;
            lastPlace = place;
            seen = shown = true;
            if (missed && rested) EndMissed(); // the events of the pose before have been told since
        }

        private void Pose(float[] pose, int first, Vector3 origin, Quaternion turn)
        {
            retargeter.Apply(pose, first, origin, turn);
            if (footIk) retargeter.PlaceFeet(contacts, 0, origin, turn);
            lastOrigin = origin;
            lastTurn = turn;
        }

        internal void Happened(PoseEvent what)
        {
            if (what.Kind == PoseEventKind.Footstep) onFootstep.Invoke(what.Foot);
            else if (what.Kind == PoseEventKind.ActBegin) ActBegun(what.Ref);
            else if (what.Kind == PoseEventKind.Fault) onFault.Invoke(what.Message);
            else ActOver(what);
        }

        private void ActBegun(uint reference)
        {
            onStage.Add(reference);
            onActBegin.Invoke((int)reference);
        }

        private void ActOver(PoseEvent what)
        {
            acts.Remove(what.Ref);
            onStage.Remove(what.Ref);
            if (what.Kind == PoseEventKind.ActEnd) onActEnd.Invoke((int)what.Ref);
            else onActFailed.Invoke(what.Message);
        }

        internal void ActRefused(uint reference, string why)
        {
            if (acts.Remove(reference)) onActFailed.Invoke(why);
        }

        /// <summary>A server that was restarted knows nothing of what it acted; of lower numbers than this one, that is.</summary>
        internal void ActsLost(uint before)
        {
            onStage.RemoveAll(act => act < before);
            for (int lost = acts.RemoveAll(act => act < before); lost > 0; lost--) onActFailed.Invoke("the connection was lost");
        }

        /// <summary>The connection is back, and the session the same. What was said as it broke may be lost.</summary>
        internal void Resumed() { missed = true; }

        /// <summary>It acts nothing: what began is over, whether that was heard or not.</summary>
        private void EndMissed()
        {
            missed = false;
            uint[] over = onStage.ToArray();
            onStage.Clear();
            foreach (uint act in over)
            {
                acts.Remove(act);
                onActEnd.Invoke((int)act);
            }
        }

        /// <summary>Its connection is closed, and perhaps opened again.</summary>
        internal void Unplug()
        {
            client = null;
            seen = false;
            BeginFrame(); // who moves by its last delta must not do so for ever
            foreach (uint act in TakeActs()) onActFailed.Invoke("the connection was closed");
        }

        private void OnEnable()
        {
            if (connection == null) connection = GetComponentInParent<MotionwireConnection>();
            if (connection == null) connection = FindConnection();
            if (animator == null) animator = GetComponentInChildren<Animator>();
            waif = connection == null;
            if (waif) Debug.LogWarning("Motionwire: no MotionwireConnection in the loaded scenes; " + name + " waits for one", this);
            else Join(connection);
        }

        private void OnDisable()
        {
            if (joined != null) joined.Remove(this);
            joined = null;
            client = null;
            seen = waif = false;
            TakeActs();
            BeginFrame();
        }

        /// <summary>A connection that is there now takes the character in, if it has none.</summary>
        internal void Adopt(MotionwireConnection by)
        {
            if (!waif) return;
            waif = false;
            connection = by;
            Join(by);
        }

        private void Join(MotionwireConnection with)
        {
            joined = with;
            Number = with.Add(this);
        }

        /// <summary>Its connection is destroyed, with the scene that it was in, say.</summary>
        internal void Orphan()
        {
            connection = joined = null;
            client = null;
            seen = false;
            waif = true;
            BeginFrame();
        }

        private static MotionwireConnection FindConnection()
        {
#if UNITY_2023_1_OR_NEWER
            return FindFirstObjectByType<MotionwireConnection>();
#else
            return FindObjectOfType<MotionwireConnection>();
#endif
        }

        private void SendInput()
        {
            if (client != null) client.SetInput(Number, velocity.x / Scale, velocity.z / Scale, facing, style);
        }

        private void FindStyle()
        {
            if (styleName == null || client == null || client.Welcome == null) return;
            foreach (Model served in client.Welcome.Models)
            {
                if (model.Length > 0 && served.Name != model) continue;
                int index = System.Array.IndexOf(served.Styles, styleName);
                if (index >= 0) style = index;
                else Debug.LogWarning("Motionwire: no style '" + styleName + "' among " + string.Join(", ", served.Styles), this);
                return;
            }
        }

        /// <summary>Fits the rig to the joints that the server tells of, once, or again where another server has others.</summary>
        private void UseSkeleton(Skeleton told)
        {
            if (skeleton == told) return;
            skeleton = told;
            if (rig != null && rig.Bones.Length != told.Count) rig = null;
            if (rig != null) retargeter = new Retargeter(told, rig); // not from the bones again: they stand in no T-pose any more
            else FindRig(told);
        }

        private void FindRig(Skeleton told)
        {
            MotionwireStickFigure figure = GetComponent<MotionwireStickFigure>();
            if (figure != null && bones.Length != told.Count) bones = figure.Build(told);
            if (bones.Length == told.Count) rig = tPose.RigOf(transform, bones);
            else if (animator != null && animator.isHuman) rig = Rig.FromAvatar(animator, told);
            if (rig == null) Debug.LogError("Motionwire: " + name + " has no Humanoid avatar with hips, and not " + told.Count + " bones", this);
            retargeter = rig == null ? null : new Retargeter(told, rig);
        }

        private void KeepPaths(PoseFrame frame, int index)
        {
            HasPaths = frame.HasPaths;
            if (!HasPaths) return;
            System.Array.Copy(frame.Desired, desired.Length * index, desired, 0, desired.Length);
            System.Array.Copy(frame.Predicted, predicted.Length * index, predicted, 0, predicted.Length);
        }

        /// <summary>Where in the scene a place of the shown frame is, on the ground.</summary>
        internal Vector3 OnGround(float x, float z)
        {
            float height = joined == null ? groundAt.y : groundAt.y - joined.Origin.y;
            return lastOrigin + lastTurn * new Vector3(Scale * x, height, Scale * z);
        }

        private static Quaternion Yaw(float radians) { return Quaternion.AngleAxis(radians * Mathf.Rad2Deg, Vector3.up); }

        private static float Turn(float from, float to)
        {
            return (float)System.Math.IEEERemainder(to - from, 2 * System.Math.PI);
        }
    }
}
