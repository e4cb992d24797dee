namespace Motionwire
{
    /// <summary>The messages that a client sends (SPEC.md, sections 4 to 7), from values in Unity's axes.</summary>
    internal static class Requests
    {
        public const int Major = 1, Minor = 3;

        public static void Hello(MessagePackWriter writer, ClientOptions options, string session, byte[] nonce, byte[] proof, uint reference)
        {
            Begin(writer, "hello", 8);
            Pair(writer, "proto", Major);
            Pair(writer, "minor", Minor);
            Pair(writer, "client", options.Client);
            Pair(writer, "engine", options.Engine);
            Pair(writer, "session", session);
            writer.String("nonce");
            writer.Bytes(nonce);
            writer.String("proof");
            writer.Bytes(proof);
            Pair(writer, "ref", reference);
        }

        public static void Bye(MessagePackWriter writer) { Begin(writer, "bye", 0); }

        public static void Ping(MessagePackWriter writer, double time)
        {
            Begin(writer, "ping", 1);
            writer.String("time");
            writer.Double(time);
        }

        public static void Spawn(MessagePackWriter writer, int character, string model, float x, float y, float z, float heading, uint seed,
            uint reference)
        {
            Begin(writer, "spawn", 5);
            Pair(writer, "character", character);
            Pair(writer, "model", model);
            Transform(writer, x, y, z, heading);
            Pair(writer, "seed", seed);
            Pair(writer, "ref", reference);
        }

        public static void Teleport(MessagePackWriter writer, int character, float x, float y, float z, float heading, uint reference)
        {
            Begin(writer, "teleport", 3);
            Pair(writer, "character", character);
            Transform(writer, x, y, z, heading);
            Pair(writer, "ref", reference);
        }

        public static void Despawn(MessagePackWriter writer, int character, uint reference)
        {
            Begin(writer, "despawn", 2);
            Pair(writer, "character", character);
            Pair(writer, "ref", reference);
        }

        /// <summary>A step up to its characters and rows, which must follow.</summary>
        public static void BeginStep(MessagePackWriter writer, long seq, float dt, bool paths, bool pathsFollow)
        {
            Begin(writer, "step", 5 + (pathsFollow ? 1 : 0));
            Pair(writer, "seq", seq);
            writer.String("dt");
            writer.Float(dt);
            writer.String("debug");
            writer.Bool(paths);
        }

        /// <summary>Input of a stream up to its characters and rows, which must follow.</summary>
        public static void BeginInput(MessagePackWriter writer, bool pathsFollow) { Begin(writer, "input", 2 + (pathsFollow ? 1 : 0)); }

        /// <summary>Heights of the ground up to their characters, empty input and rows, which must follow.</summary>
        public static void BeginHeights(MessagePackWriter writer) { Begin(writer, "input", 3); }

        public static void Subscribe(MessagePackWriter writer, float fps, int credit, bool paths, uint reference)
        {
            Begin(writer, "subscribe", 5);
            writer.String("characters");
            writer.Array(0);
            writer.String("fps");
            writer.Float(fps);
            Pair(writer, "credit", credit);
            writer.String("debug");
            writer.Bool(paths);
            Pair(writer, "ref", reference);
        }

        public static void Credit(MessagePackWriter writer, int frames)
        {
            Begin(writer, "credit", 1);
            Pair(writer, "n", frames);
        }

        public static void Unsubscribe(MessagePackWriter writer, uint reference)
        {
            Begin(writer, "unsubscribe", 1);
            Pair(writer, "ref", reference);
        }

        public static void Act(MessagePackWriter writer, int character, string text, uint seed, float seconds, bool queue, uint reference)
        {
            Begin(writer, "act", 6);
            Pair(writer, "character", character);
            Pair(writer, "text", text);
            Pair(writer, "seed", seed);
            writer.String("seconds");
            writer.Float(seconds);
            writer.String("queue");
            writer.Bool(queue);
            Pair(writer, "ref", reference);
        }

        public static void Stop(MessagePackWriter writer, int character, uint reference)
        {
            Begin(writer, "stop", 2);
            Pair(writer, "character", character);
            Pair(writer, "ref", reference);
        }

        public static void Generate(MessagePackWriter writer, uint request, string text, int frames, uint seed)
        {
            Begin(writer, "generate", 4);
            Pair(writer, "request", request);
            Pair(writer, "text", text);
            Pair(writer, "frames", frames);
            Pair(writer, "seed", seed);
        }

        public static void Cancel(MessagePackWriter writer, uint request)
        {
            Begin(writer, "cancel", 1);
            Pair(writer, "request", request);
        }

        private static void Begin(MessagePackWriter writer, string type, int pairs)
        {
            writer.Clear();
            writer.Map(pairs + 2);
            Pair(writer, "t", type);
            Pair(writer, "v", Major);
        }

        private static void Transform(MessagePackWriter writer, float x, float y, float z, float heading)
        {
            writer.String("transform");
            writer.Array(4);
            writer.Float(CanonicalAxes.X(x));
            writer.Float(y);
            writer.Float(z);
            writer.Float(CanonicalAxes.Heading(heading));
        }

        private static void Pair(MessagePackWriter writer, string key, string value)
        {
            writer.String(key);
            writer.String(value);
        }

        private static void Pair(MessagePackWriter writer, string key, long value)
        {
            writer.String(key);
            writer.Int(value);
        }
    }
}
