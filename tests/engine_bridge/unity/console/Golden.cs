using System;
using System.IO;

namespace Motionwire.Console
{
    /// <summary>A recorded session (each message after its length as uint32, little-endian): all joints of all its poses by forward kinematics
    /// in Unity's axes, written as float32 in the wire's axes again.</summary>
    internal static class Golden
    {
        public static int Run(string session, string result)
        {
            byte[] data = File.ReadAllBytes(session);
            var decoder = new PoseDecoder();
            var frame = new PoseFrame();
            Skeleton skeleton = null;
            float[] positions = null, rotations = null;
            using (var writer = new BinaryWriter(File.Create(result)))
            {
                for (int at = 0; at < data.Length;)
                {
                    int length = BitConverter.ToInt32(data, at);
                    var message = new MessagePackReader(data, at + 4, length);
                    at += 4 + length;
                    string type = TypeOf(message);
                    if (type == "welcome")
                    {
                        skeleton = Welcome.Read(message, data).Skeleton;
                        positions = new float[3 * skeleton.Count];
                        rotations = new float[4 * skeleton.Count];
                    }
                    if (type != "pose") continue;
                    decoder.Decode(message, data, frame);
                    for (int i = 0; i < frame.Count; i++)
                    {
                        skeleton.World(frame.Poses, i * frame.Stride, positions, rotations);
                        CanonicalAxes.Positions(positions, 0, skeleton.Count);
                        foreach (float value in positions) writer.Write(value);
                    }
                }
            }
            return 0;
        }

        private static string TypeOf(MessagePackReader message)
        {
            string type = "";
            for (int pairs = message.Map(); pairs > 0; pairs--)
            {
                message.Key();
                if (message.Is("t")) type = message.String();
                else message.Skip();
            }
            return type;
        }
    }
}
