using System;
using System.Collections.Generic;
using System.Linq;

namespace Motionwire.Console
{
    /// <summary>Messages given in hex, changed at random (always the same), go to every reader: only ProtocolException may come out.</summary>
    internal static class Fuzz
    {
        public static int Run(int times)
        {
            var messages = new List<byte[]>();
            for (string line = System.Console.ReadLine(); line != null; line = System.Console.ReadLine())
            {
                messages.Add(Enumerable.Range(0, line.Length / 2).Select(i => Convert.ToByte(line.Substring(2 * i, 2), 16)).ToArray());
            }
            var random = new Random(5);
            var decoder = new PoseDecoder();
            var frame = new PoseFrame();
            var skeleton = new Skeleton(new[] { "root" }, new[] { -1 }, new float[3]);
            int tried = 0, refused = 0;
            foreach (byte[] message in messages)
            {
                for (int i = 0; i < times; i++)
                {
                    byte[] changed = Changed(message, random);
                    var reader = new MessagePackReader(changed, 0, changed.Length);
                    var clip = new GeneratedClip(1, "");
                    Try(() => decoder.Decode(reader, changed, frame));
                    Try(() => Welcome.Read(reader, changed));
                    Try(() => clip.Progress(reader));
                    Try(() => clip.Begin(reader, changed, skeleton));
                    Try(() => clip.Add(reader, changed));
                    Try(() => reader.Skip());
                    tried++;
                    if (!Try(() => new MessagePackReader(changed, 0, changed.Length).Skip())) refused++;
                }
            }
            System.Console.WriteLine("{\"tried\":" + tried + ",\"refused\":" + refused + "}");
            return 0;
        }

        private static bool Try(Action read)
        {
            try
            {
                read();
                return true;
            }
            catch (ProtocolException)
            {
                return false;
            }
        }

        private static byte[] Changed(byte[] message, Random random)
        {
            var changed = (byte[])message.Clone();
            for (int i = random.Next(4); i >= 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) Array.Resize(ref changed, random.Next(changed.Length));
            return changed;
        }
    }
}
