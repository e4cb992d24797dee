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
        private Character[] all = new Character[16]; // the first `count`; not a List, since each frame goes through it several times
        private int count;
        private readonly Queue<int> leaving = new Queue<int>(); // that the server has, and shall not have any more
        private int underWay;
        private volatile bool hasWanted, hasLeaving, hasTeleported;
        private bool heightsDue; // of some character
        private bool pathsTold; // once told for one, they travel for all
        private Character[] living = new Character[0]; // of the message that is written; as all arrays here, kept
        private int told; // of them, those whose heights it has
        private float[] rows = new float[0];

        private enum Life
        {
            Wanted,
            Asked,
            Alive,
            Kept, // alive in a session that is being resumed
            Refused,
        }

        private sealed class Character
        {
            public int Number;
            public string Model;
            public uint Seed, SpawnRef;
            public float X, Y, Z, Heading;
            public Life Life;
            public int Teleports, Answered; // how many were wanted, and are known to the server
            public uint TeleportRef; // of the last one that was sent; 0: it is to be sent yet
            public float MoveX, MoveZ, Facing = float.NaN;
            public int Style;
            public float[] Heights, Path;
            public bool HeightsDue; // they hold at the places where they are told: to be told once
        }

        /// <summary>Wants a character; false if there is one of that number.</summary>
        public bool Add(int number, float x, float y, float z, float heading, string model, uint seed)
        {
            lock (gate)
            {
                if (byNumber.ContainsKey(number)) return false;
                var character = new Character { Number = number, X = x, Y = y, Z = z, Heading = heading, Model = model, Seed = seed };
                byNumber.Add(number, character);
                if (count == all.Length) System.Array.Resize(ref all, 2 * count);
                all[count++] = character;
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
                if (character.Life == Life.Asked || character.Life == Life.Alive) leaving.Enqueue(number);
                hasLeaving = leaving.Count > 0;
                byNumber.Remove(number);
                int at = System.Array.IndexOf(all, character, 0, count);
                System.Array.Copy(all, at + 1, all, at, --count - at);
                all[count] = null;
                return true;
            }
        }

        /// <summary>Wants a character elsewhere: the number of teleports with that, 0 if there is none of its number on the server. What ground
        /// and walls the game told of stay behind.</summary>
        public int Teleport(int number, float x, float y, float z, float heading)
        {
            lock (gate)
            {
                Character character;
                if (!byNumber.TryGetValue(number, out character) || character.Life == Life.Refused) return 0;
                character.X = x;
                character.Y = y;
                character.Z = z;
                character.Heading = heading;
                character.Heights = character.Path = null;
                character.HeightsDue = false;
                character.Teleports++;
                character.TeleportRef = 0;
                if (character.Life == Life.Wanted) character.Answered = character.Teleports; // it is spawned there
                else hasTeleported = true;
                return character.Teleports;
            }
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
                heightsDue = character.HeightsDue = true;
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

        /// <summary>A session begins, in which these characters live already. Of them, those go on that lived here when the connection was lost;
        /// one of a number that was removed and added since is another one: see <see cref="IsAlive"/>.</summary>
        public void BeginSession(int[] living)
        {
            lock (gate)
            {
                underWay = 0;
                hasWanted = true;
                leaving.Clear();
                hasLeaving = false;
                foreach (int number in living)
                {
                    Character character;
                    if (byNumber.TryGetValue(number, out character) && character.Life == Life.Alive) character.Life = Life.Kept;
                }
                hasTeleported = true;
                for (int i = 0; i < count; i++)
                {
                    all[i].TeleportRef = 0; // what was under way is lost
                    if (all[i].Life == Life.Kept) all[i].Life = Life.Alive;
                    else
                    {
                        all[i].Life = Life.Wanted;
                        all[i].Answered = all[i].Teleports;
                    }
                }
            }
        }

        /// <summary>Whether a character may wait for being spawned.</summary>
        public bool HasWanted { get { return hasWanted; } }

        /// <summary>Whether a character waits for being despawned: before one of its number is spawned again.</summary>
        public bool HasLeaving { get { return hasLeaving; } }

        /// <summary>Writes the request for the next character that leaves; false when there is none.</summary>
        public bool WriteNextDespawn(MessagePackWriter writer, uint reference)
        {
            lock (gate)
            {
                if (leaving.Count == 0) return false;
                Requests.Despawn(writer, leaving.Peek(), reference);
                return true;
            }
        }

        /// <summary>The request that was written last was sent.</summary>
        public void Left()
        {
            lock (gate)
            {
                if (leaving.Count > 0) leaving.Dequeue();
                hasLeaving = leaving.Count > 0;
            }
        }

        /// <summary>Whether a character may wait for being teleported.</summary>
        public bool HasTeleported { get { return hasTeleported; } }

        /// <summary>Writes the request for the next character that is wanted elsewhere; false when there is none.</summary>
        public bool WriteNextTeleport(MessagePackWriter writer, uint reference)
        {
            lock (gate)
            {
                for (int i = 0; i < count; i++)
                {
                    Character character = all[i];
                    bool there = character.Life == Life.Alive || character.Life == Life.Asked;
                    if (!there || character.Answered == character.Teleports || character.TeleportRef != 0) continue;
                    character.TeleportRef = reference;
                    Requests.Teleport(writer, character.Number, character.X, character.Y, character.Z, character.Heading, reference);
                    return true;
                }
                hasTeleported = false;
                return false;
            }
        }

        /// <summary>The answer to a teleport; `again`: it could not be asked.</summary>
        public void Teleported(uint reference, bool again)
        {
            lock (gate)
            {
                for (int i = 0; i < count; i++)
                {
                    Character character = all[i];
                    if (character.TeleportRef != reference) continue;
                    if (again) character.TeleportRef = 0;
                    else character.Answered = character.Teleports;
                    hasTeleported |= again;
                    return;
                }
            }
        }

        /// <summary>Writes the request for the next character that is wanted; false when there is none, or enough are under way.</summary>
        public bool WriteNextSpawn(MessagePackWriter writer, uint reference)
        {
            lock (gate)
            {
                if (underWay >= SpawnedAtOnce) return false;
                for (int i = 0; i < count; i++)
                {
                    Character character = all[i];
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
                for (int i = 0; i < count; i++)
                {
                    Character character = all[i];
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
                int alive = FindLiving();
                if (alive == 0) return false;
                if (step) Requests.BeginStep(writer, seq, dt, paths, pathsTold);
                else Requests.BeginInput(writer, pathsTold);
                WriteNumbers(writer, alive);
                WriteSticks(writer, alive);
                if (pathsTold) WritePaths(writer, alive);
                return true;
            }
        }

        /// <summary>Writes the heights that are due; false when none are. Those of a place where a character is not yet wait for it.</summary>
        public bool WriteHeights(MessagePackWriter writer)
        {
            if (!heightsDue) return false;
            lock (gate)
            {
                int alive = FindLiving();
                told = 0;
                for (int i = 0; i < alive; i++)
                {
                    if (living[i].HeightsDue && living[i].Answered == living[i].Teleports) living[told++] = living[i];
                }
                if (told == 0) return false;
                Requests.BeginHeights(writer);
                WriteNumbers(writer, told);
                writer.String("input");
                writer.Floats(rows, 0); // they keep theirs
                WriteHeightRows(writer);
                return true;
            }
        }

        /// <summary>The heights that were written last were sent.</summary>
        public void ToldHeights()
        {
            lock (gate)
            {
                for (int i = 0; i < told; i++) living[i].HeightsDue = false;
                heightsDue = false;
                for (int i = 0; i < count; i++) heightsDue |= all[i].HeightsDue;
            }
        }

        /// <summary>Remembers where characters are, for a server that will not. What comes before the answer to a spawn is of one before, and
        /// what comes before that to a teleport of the place before.</summary>
        public void Saw(PoseFrame frame)
        {
            lock (gate)
            {
                for (int i = 0; i < frame.Count; i++)
                {
                    Character character;
                    frame.Teleports[i] = 0;
                    // Frames list characters as steps do, in the order kept here: most often the next one is the one.
                    if (i < count && all[i].Number == frame.Characters[i]) character = all[i];
                    else if (!byNumber.TryGetValue(frame.Characters[i], out character)) continue;
                    frame.Teleports[i] = character.Answered;
                    if (character.Life != Life.Alive || character.Answered != character.Teleports) continue;
                    character.X = frame.Root[3 * i];
                    character.Z = frame.Root[3 * i + 1];
                    character.Heading = frame.Root[3 * i + 2];
                }
            }
        }

        private int CountAlive()
        {
            int alive = 0;
            for (int i = 0; i < count; i++)
            {
                if (all[i].Life == Life.Alive) alive++;
            }
            return alive;
        }

        private int FindLiving()
        {
            if (living.Length < count)
            {
                living = new Character[all.Length];
                rows = new float[PoseFrame.DesiredPlaces * all.Length]; // the longest rows
            }
            int alive = 0;
            for (int i = 0; i < count; i++)
            {
                if (all[i].Life == Life.Alive) living[alive++] = all[i];
            }
            return alive;
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

        private void WriteNumbers(MessagePackWriter writer, int characters)
        {
            writer.String("characters");
            writer.Array(characters);
            for (int i = 0; i < characters; i++) writer.Int(living[i].Number);
        }

        private void WriteSticks(MessagePackWriter writer, int alive)
        {
            for (int i = 0; i < alive; i++)
            {
                Character character = living[i];
                rows[4 * i] = CanonicalAxes.X(character.MoveX);
                rows[4 * i + 1] = character.MoveZ;
                rows[4 * i + 2] = CanonicalAxes.Heading(character.Facing);
                rows[4 * i + 3] = character.Style;
            }
            writer.String("input");
            writer.Floats(rows, 4 * alive);
        }

        private void WriteHeightRows(MessagePackWriter writer)
        {
            const int places = PoseFrame.DesiredPlaces;
            for (int i = 0; i < told; i++)
            {
                for (int place = 0; place < places; place++) rows[places * i + place] = living[i].Heights == null ? float.NaN : living[i].Heights[place];
            }
            writer.String("heights");
            writer.Floats(rows, places * told);
        }

        private void WritePaths(MessagePackWriter writer, int alive)
        {
            const int places = PoseFrame.PredictedPlaces;
            for (int i = 0; i < alive; i++)
            {
                float[] path = living[i].Path;
                for (int place = 0; place < places; place++)
                {
                    int at = 2 * (places * i + place);
                    rows[at] = path == null ? float.NaN : CanonicalAxes.X(path[2 * place]);
                    rows[at + 1] = path == null ? float.NaN : path[2 * place + 1];
                }
            }
            writer.String("path");
            writer.Floats(rows, 2 * places * alive);
        }
    }
}
