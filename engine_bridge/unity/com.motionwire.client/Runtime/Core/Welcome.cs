using System;
using System.Collections.Generic;

namespace Motionwire
{
    /// <summary>A model that the server serves.</summary>
    public sealed class Model
    {
        public string Name = "", Version = "", Licence = "";
        public bool CommercialUse;

        /// <summary>Gaits by their index in the input.</summary>
        public string[] Styles = new string[0];

        /// <summary>Whether it acts sentences.</summary>
        public bool Acts;
    }

    /// <summary>What the server said when the session opened.</summary>
    public sealed class Welcome
    {
        private const int MostListed = 100000, MostModels = 1000;

        internal string Session = "";
        internal bool Resumed;
        internal int Minor;
        internal int HeartbeatMs = 1000;
        internal int[] Characters = new int[0];

        /// <summary>Name and version of the server.</summary>
        public string Server = "";

        public Model[] Models = new Model[0];
        public Skeleton Skeleton;

        internal static Welcome Read(MessagePackReader reader, byte[] buffer)
        {
            var welcome = new Welcome();
            for (int pairs = reader.Map(); pairs > 0; pairs--)
            {
                reader.Key();
                if (reader.Is("session")) welcome.Session = reader.String();
                else if (reader.Is("resumed")) welcome.Resumed = reader.Bool();
                else if (reader.Is("minor")) welcome.Minor = reader.Int(0, int.MaxValue);
                else if (reader.Is("heartbeat_ms")) welcome.HeartbeatMs = reader.Int(1, 3600000);
                else if (reader.Is("server")) welcome.Server = reader.String();
                else if (reader.Is("models")) welcome.Models = ReadModels(ref reader);
                else if (reader.Is("skeleton")) welcome.Skeleton = ReadSkeleton(ref reader, buffer);
                else if (reader.Is("characters")) welcome.Characters = Ints(ref reader, 0);
                else reader.Skip();
            }
            if (welcome.Session.Length == 0 || welcome.Skeleton == null) throw new ProtocolException("a welcome without session or skeleton");
            return welcome;
        }

        private static Model[] ReadModels(ref MessagePackReader reader)
        {
            var models = new List<Model>();
            int count = reader.Array();
            if (count > MostModels) throw new ProtocolException(count + " models");
            for (int left = count; left > 0; left--)
            {
                var model = new Model();
                for (int pairs = reader.Map(); pairs > 0; pairs--)
                {
                    reader.Key();
                    if (reader.Is("name")) model.Name = reader.String();
                    else if (reader.Is("version")) model.Version = reader.String();
                    else if (reader.Is("licence")) model.Licence = reader.String();
                    else if (reader.Is("commercial_use")) model.CommercialUse = reader.Bool();
                    else if (reader.Is("styles")) model.Styles = Strings(ref reader);
                    else if (reader.Is("acts")) model.Acts = reader.Bool();
                    else reader.Skip();
                }
                models.Add(model);
            }
            return models.ToArray();
        }

        private static Skeleton ReadSkeleton(ref MessagePackReader reader, byte[] buffer)
        {
            string[] names = new string[0];
            int[] parents = new int[0];
            float[] offsets = new float[0];
            for (int pairs = reader.Map(); pairs > 0; pairs--)
            {
                reader.Key();
                if (reader.Is("names")) names = Strings(ref reader);
                else if (reader.Is("parents")) parents = Ints(ref reader, -1);
                else if (reader.Is("offsets")) offsets = Offsets(ref reader, buffer);
                else reader.Skip();
            }
            return new Skeleton(names, parents, offsets);
        }

        /// <summary>Rest offsets of joints, in Unity's axes.</summary>
        internal static float[] Offsets(ref MessagePackReader reader, byte[] buffer)
        {
            int offset, length;
            reader.Bytes(out offset, out length);
            if (length % 12 != 0) throw new ProtocolException("offsets of " + length + " bytes");
            var offsets = new float[length / 4];
            Buffer.BlockCopy(buffer, offset, offsets, 0, length);
            foreach (float value in offsets)
            {
                if (!(Math.Abs(value) < 1000)) throw new ProtocolException("a bone of " + value + " m");
            }
            CanonicalAxes.Positions(offsets, 0, offsets.Length / 3);
            return offsets;
        }

        private static string[] Strings(ref MessagePackReader reader)
        {
            int count = reader.Array();
            if (count > MostListed) throw new ProtocolException("a list of " + count);
            var strings = new string[count];
            for (int i = 0; i < count; i++) strings[i] = reader.String();
            return strings;
        }

        private static int[] Ints(ref MessagePackReader reader, int least)
        {
            int count = reader.Array();
            if (count > MostListed) throw new ProtocolException("a list of " + count);
            var ints = new int[count];
            for (int i = 0; i < count; i++) ints[i] = reader.Int(least, int.MaxValue);
            return ints;
        }
    }
}
