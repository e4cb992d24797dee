using System;
using System.Linq;
using System.Text;

namespace Motionwire.Console
{
    /// <summary>Golden vectors: what the reader finds in messages given in hex, as JSON; what the client writes, in hex.</summary>
    internal static class Vectors
    {
        /// <summary>A line of JSON for each line of hex; `refused` and why, where it is not MessagePack.</summary>
        public static int Decode()
        {
            for (string line = System.Console.ReadLine(); line != null; line = System.Console.ReadLine())
            {
                byte[] data = Enumerable.Range(0, line.Length / 2).Select(i => Convert.ToByte(line.Substring(2 * i, 2), 16)).ToArray();
                var text = new StringBuilder();
                try
                {
                    var reader = new MessagePackReader(data, 0, data.Length);
                    Value(ref reader, data, text);
                    var skipped = new MessagePackReader(data, 0, data.Length);
                    skipped.Skip();
                    if (!skipped.AtEnd || !reader.AtEnd) throw new ProtocolException("something behind it");
                }
                catch (ProtocolException error)
                {
                    text = new StringBuilder("{\"refused\":\"" + error.Message + "\"}");
                }
                System.Console.WriteLine(text);
            }
            return 0;
        }

        /// <summary>One message of each type, from values in Unity's axes.</summary>
        public static int Encode()
        {
            var options = new ClientOptions { Client = "golden", Engine = "none" };
            var writer = new MessagePackWriter();
            Requests.Hello(writer, options, "", new byte[0], new byte[0], 1);
            Say("hello", writer);
            Requests.Hello(writer, options, "key", new byte[] { 1, 2 }, Proof.Of("secret", new byte[32]), 300);
            Say("hello_proof", writer);
            Requests.Ping(writer, 2.5);
            Say("ping", writer);
            Requests.Bye(writer);
            Say("bye", writer);
            Requests.Spawn(writer, 70000, "free", 1, 2, 3, 0.5f, 4000000000, 2);
            Say("spawn", writer);
            Requests.Despawn(writer, 5, 3);
            Say("despawn", writer);
            Requests.Teleport(writer, 5, 1, 2, 3, 0.5f, 12);
            Say("teleport", writer);
            Requests.Subscribe(writer, 60, 8, true, 4);
            Say("subscribe", writer);
            Requests.Credit(writer, 3);
            Say("credit", writer);
            Requests.Unsubscribe(writer, 5);
            Say("unsubscribe", writer);
            Requests.Act(writer, 5, "a person wävés", 6, 1.5f, true, 7);
            Say("act", writer);
            Requests.Stop(writer, 5, 8);
            Say("stop", writer);
            Requests.Generate(writer, 9, new string('x', 300), 90, 10);
            Say("generate", writer);
            Requests.Cancel(writer, 9);
            Say("cancel", writer);
            var roster = new Roster();
            for (int i = 0; i < 20; i++) roster.Add(1000 * i, i, 0, 0, 0, "", 0);
            for (uint reference = 11; roster.WriteNextSpawn(writer, reference); reference++) roster.Answered(reference, true, false);
            roster.SetInput(0, 1, 2, 0.5f, 1);
            roster.WriteInput(writer, true, 1L << 33, 1 / 64f, true);
            Say("step", writer);
            roster.SetPath(0, Enumerable.Range(0, 12).Select(i => (float)i).ToArray());
            roster.WriteInput(writer, false, 0, 0, false);
            Say("input", writer);
            roster.SetHeights(0, Enumerable.Range(0, 12).Select(i => (float)i).ToArray());
            roster.SetHeights(19000, null);
            roster.WriteHeights(writer);
            Say("input_heights", writer);
            return 0;
        }

        private static void Say(string name, MessagePackWriter writer)
        {
            System.Console.WriteLine(name + " " + string.Concat(writer.ToArray().Select(value => value.ToString("x2")).ToArray()));
        }

        private static void Value(ref MessagePackReader reader, byte[] data, StringBuilder text)
        {
            byte head = reader.Head;
            if (head >= 0x80 && head <= 0x8f || head == 0xde || head == 0xdf)
            {
                int pairs = reader.Map();
                text.Append('{');
                for (int i = 0; i < pairs; i++)
                {
                    if (i > 0) text.Append(',');
                    Value(ref reader, data, text);
                    text.Append(':');
                    Value(ref reader, data, text);
                }
                text.Append('}');
            }
            else if (head >= 0x90 && head <= 0x9f || head == 0xdc || head == 0xdd)
            {
                int count = reader.Array();
                text.Append('[');
                for (int i = 0; i < count; i++)
                {
                    if (i > 0) text.Append(',');
                    Value(ref reader, data, text);
                }
                text.Append(']');
            }
            else if (head >= 0xa0 && head <= 0xbf || head >= 0xd9 && head <= 0xdb)
            {
                text.Append('"').Append(reader.String().Replace("\\", "\\\\").Replace("\"", "\\\"")).Append('"');
            }
            else if (head >= 0xc4 && head <= 0xc6)
            {
                int offset, length;
                reader.Bytes(out offset, out length);
                text.Append("{\"bin\":\"").Append(string.Concat(data.Skip(offset).Take(length).Select(value => value.ToString("x2")).ToArray())).Append("\"}");
            }
            else if (head == 0xc2 || head == 0xc3) text.Append(reader.Bool() ? "true" : "false");
            else if (head == 0xca || head == 0xcb) text.Append(reader.Number().ToString("R"));
            else if (reader.IsNil)
            {
                reader.Skip();
                text.Append("null");
            }
            else text.Append(reader.Int());
        }
    }
}
