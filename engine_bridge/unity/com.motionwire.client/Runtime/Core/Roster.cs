using System.Collections.Generic;

namespace Motionwire
{
    /// <summary>The characters that the program wants, where they were seen last, and their input. Used by both threads.</summary>
    /// <remarks>It outlives sessions: a new server gets its characters from here. All values are in Unity's axes.</remarks>
    internal sealed class Roster
    {
        private const int SpawnedAtOnce = 256; // requests under way

        private readonly object gate = new object();
        private readonly Dictionary<int, Character> byNumber = new Dictionary<int, Character>();
        private readonly List<Character> all = new List<Character>();
        private int underWay;
        private volatile bool hasWanted;
        private bool heightsTold, pathsTold; // once told for one, they travel for all

        private enum Life
        {
            Wanted,
            Asked,
            Alive,
            Refused,
        }

        private sealed class Character
        {
            public int Number;
            public string Model;
            public uint Seed, SpawnRef;
            public float X, Y, Z, Heading;
            public Life Life;
            public float MoveX, MoveZ, Facing = float.NaN;
            public int Style;
            public float[] Heights, Path;
        }

        /// <summary>Wants a character; false if there is one of that number.</summary>
        public bool Add(int number, float x, float y, float z, float heading, string model, uint seed)
        {
            lock (gate)
            {
                if (byNumber.ContainsKey(number)) return false;
                var character = new Character { Number = number, X = x, Y = y, Z = z, Heading = heading, Model = model, Seed = seed };
                byNumber.Add(number, character);
                all.Add(character);
                hasWanted = true;
                return true;
            }
        }

        public bool Remove(int number)
        {
            lock (gate)
            {
                Character character;
                if (!byNumber.TryGetValue(number, out character)) return false;
                if (character.Life == Life.Asked) underWay--;
                byNumber.Remove(number);
                all.Remove(character);
                return true;
            }
        }

        public bool Has(int number)
        {
            lock (gate) return byNumber.ContainsKey(number);
        }

        public bool IsAlive(int number)
        {
            lock (gate)
            {
                Character character;
                return byNumber.TryGetValue(number, out character) && character.Life == Life.Alive;
            }
        }

        /// <summary>Characters that live on the server.</summary>
        public int Alive
        {
            get { lock (gate) return CountAlive(); }
        }

        public bool SetInput(int number, float x, float z, float facing, int style)
        {
            lock (gate)
            {
                Character character;
                if (!byNumber.TryGetValue(number, out character)) return false;
                character.MoveX = x;
                character.MoveZ = z;
                character.Facing = facing;
                character.Style = style;
                return true;
            }
        }

        public bool SetHeights(int number, float[] heights)
        {
            lock (gate)
            {
                Character character;
                if (!byNumber.TryGetValue(number, out character)) return false;
                heightsTold = true;
                return Keep(ref character.Heights, heights);
            }
        }

        public bool SetPath(int number, float[] path)
        {
            lock (gate)
            {
                Character character;
                if (!byNumber.TryGetValue(number, out character)) return false;
                pathsTold = true;
                return Keep(ref character.Path, path);
            }
        }

        /// <summary>A session begins, in which these characters live already.</summary>
        public void BeginSession(int[] living)
        {
            lock (gate)
            {
                underWay = 0;
                hasWanted = true;
                foreach (Character character in all) character.Life = Life.Wanted;
                foreach (int number in living)
                {
                    Character character;
                    if (byNumber.TryGetValue(number, out character)) character.Life = Life.Alive;
                }
            }
        }

        /// <summary>Whether a character may wait for being spawned.</summary>
        public bool HasWanted { get { return hasWanted; } }

        /// <summary>Writes the request for the next character that is wanted; false when there is none, or enough are under way.</summary>
        public bool WriteNextSpawn(MessagePackWriter writer, uint reference)
        {
            lock (gate)
            {
                if (underWay >= SpawnedAtOnce) return false;
                foreach (Character character in all)
                {
                    if (character.Life != Life.Wanted) continue;
                    character.Life = Life.Asked;
                    character.SpawnRef = reference;
                    underWay++;
                    Requests.Spawn(writer, character.Number, character.Model, character.X, character.Y, character.Z, character.Heading,
                        character.Seed, reference);
                    return true;
                }
                hasWanted = false;
                return false;
            }
        }

        /// <summary>The answer to a spawn; `again`: it could not be asked.</summary>
        public void Answered(uint reference, bool lives, bool again)
        {
            lock (gate)
            {
                foreach (Character character in all)
                {
                    if (character.Life != Life.Asked || character.SpawnRef != reference) continue;
                    character.Life = again ? Life.Wanted : lives ? Life.Alive : Life.Refused;
                    hasWanted |= again;
                    underWay--;
                    return;
                }
            }
        }

        /// <summary>Writes one lock-step, or the input of a stream, of all that live; false when none does.</summary>
        public bool WriteInput(MessagePackWriter writer, bool step, long seq, float dt, bool paths)
        {
            lock (gate)
            {
                int count = CountAlive();
                if (count == 0) return false;
                if (step) Requests.BeginStep(writer, seq, dt, paths, heightsTold, pathsTold);
                else Requests.BeginInput(writer, heightsTold, pathsTold);
                writer.String("characters");
                writer.Array(count);
                foreach (Character character in all)
                {
                    if (character.Life == Life.Alive) writer.Int(character.Number);
                }
                writer.String("input");
                writer.FloatsHead(4 * count);
                foreach (Character character in all)
                {
                    if (character.Life == Life.Alive) WriteStick(writer, character);
                }
                if (heightsTold) WriteHeights(writer, count);
                if (pathsTold) WritePaths(writer, count);
                return true;
            }
        }

        /// <summary>Remembers where characters are, for a server that will not.</summary>
        public void Saw(PoseFrame frame)
        {
            lock (gate)
            {
                for (int i = 0; i < frame.Count; i++)
                {
                    Character character;
                    // Frames list characters as steps do, in the order kept here: most often the next one is the one.
                    if (i < all.Count && all[i].Number == frame.Characters[i]) character = all[i];
                    else if (!byNumber.TryGetValue(frame.Characters[i], out character)) continue;
                    character.X = frame.Root[3 * i];
                    character.Z = frame.Root[3 * i + 1];
                    character.Heading = frame.Root[3 * i + 2];
                }
            }
        }

        private int CountAlive()
        {
            int count = 0;
            foreach (Character character in all)
            {
                if (character.Life == Life.Alive) count++;
            }
            return count;
        }

        private static bool Keep(ref float[] mine, float[] given)
        {
            if (given == null) mine = null;
            else
            {
                if (mine == null) mine = new float[given.Length];
                System.Array.Copy(given, mine, given.Length);
            }
            return true;
        }

        private static void WriteStick(MessagePackWriter writer, Character character)
        {
            writer.RawFloat(CanonicalAxes.X(character.MoveX));
            writer.RawFloat(character.MoveZ);
            writer.RawFloat(CanonicalAxes.Heading(character.Facing));
            writer.RawFloat(character.Style);
        }

        private void WriteHeights(MessagePackWriter writer, int count)
        {
            writer.String("heights");
            writer.FloatsHead(PoseFrame.DesiredPlaces * count);
            foreach (Character character in all)
            {
                if (character.Life != Life.Alive) continue;
                for (int i = 0; i < PoseFrame.DesiredPlaces; i++) writer.RawFloat(character.Heights == null ? float.NaN : character.Heights[i]);
            }
        }

        private void WritePaths(MessagePackWriter writer, int count)
        {
            writer.String("path");
            writer.FloatsHead(2 * PoseFrame.PredictedPlaces * count);
            foreach (Character character in all)
            {
                if (character.Life != Life.Alive) continue;
                for (int i = 0; i < PoseFrame.PredictedPlaces; i++)
                {
                    writer.RawFloat(character.Path == null ? float.NaN : CanonicalAxes.X(character.Path[2 * i]));
                    writer.RawFloat(character.Path == null ? float.NaN : character.Path[2 * i + 1]);
                }
            }
        }
    }
}
