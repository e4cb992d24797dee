using System;

namespace Motionwire
{
    /// <summary>Reads pose messages into frames. One for each thread that decodes.</summary>
    internal sealed class PoseDecoder
    {
        private const int MostCharacters = 100000;
        private const int MostJoints = 256;

        // Where the blobs of the message at hand lie: keys come in any order, and sizes are checked once all are known.
        private Blob data, phase, contacts, rootDelta, root, acting, desired, predicted;

        private struct Blob
        {
            public int Offset, Length;

            public void Read(ref MessagePackReader reader) { reader.Bytes(out Offset, out Length); }
        }

        /// <summary>Reads the message that begins at the reader, whose buffer is given, and turns it into Unity's axes.</summary>
        public void Decode(MessagePackReader reader, byte[] buffer, PoseFrame frame)
        {
            data = phase = contacts = rootDelta = root = acting = desired = predicted = new Blob();
            int count = -1, joints = -1, listed = -1;
            frame.Stream = frame.HasPaths = false;
            frame.Events.Clear();
            for (int pairs = reader.Map(); pairs > 0; pairs--)
            {
                reader.Key();
                if (reader.Is("seq")) frame.Seq = reader.Int();
                else if (reader.Is("stream")) frame.Stream = reader.Bool();
                else if (reader.Is("ts")) frame.ServerTime = reader.Number();
                else if (reader.Is("count")) count = reader.Int(0, MostCharacters);
                else if (reader.Is("joints")) joints = reader.Int(1, MostJoints);
                else if (reader.Is("characters")) listed = ReadCharacters(ref reader, frame);
                else if (reader.Is("data")) data.Read(ref reader);
                else if (reader.Is("phase")) phase.Read(ref reader);
                else if (reader.Is("contacts")) contacts.Read(ref reader);
                else if (reader.Is("root_delta")) rootDelta.Read(ref reader);
                else if (reader.Is("root")) root.Read(ref reader);
                else if (reader.Is("acting")) acting.Read(ref reader);
                else if (reader.Is("events")) ReadEvents(ref reader, frame);
                else if (reader.Is("desired")) ReadOptional(ref reader, ref desired);
                else if (reader.Is("predicted")) ReadOptional(ref reader, ref predicted);
                else reader.Skip();
            }
            if (!reader.AtEnd) throw new ProtocolException("a pose with something behind it");
            if (count < 0 || joints < 0 || listed != count) throw new ProtocolException("a pose without its count, joints or characters");
            if (!(Math.Abs(frame.ServerTime) < 1e12)) throw new ProtocolException("a pose of the time " + frame.ServerTime);
            if (data.Length != 4L * count * (3 + 4 * joints)) throw new ProtocolException("a pose of " + data.Length + " bytes for " + count + " characters");
            frame.Resize(count, joints);
            Floats(buffer, data, frame.Poses, data.Length / 4);
            Floats(buffer, phase, frame.Phase, count);
            Floats(buffer, contacts, frame.Contacts, 4 * count);
            Floats(buffer, rootDelta, frame.RootDelta, 3 * count);
            Floats(buffer, root, frame.Root, 3 * count);
            if (acting.Length != count) throw new ProtocolException("a pose with " + acting.Length + " acting flags for " + count + " characters");
            Buffer.BlockCopy(buffer, acting.Offset, frame.Acting, 0, count);
            if (desired.Length > 0 && predicted.Length > 0) ReadPaths(buffer, frame);
            ToUnity(frame);
        }

        /// <summary>Decodes a pose of nobody's, so that all of this is compiled before a game's thread reads its first pose: Mono's JIT takes
        /// 3 ms for it.</summary>
        public void Rehearse()
        {
            var writer = new MessagePackWriter();
            var pose = new float[] { 0, 0, 0, 0, 0, 0, 1 };
            writer.Map(11);
            writer.String("seq");
            writer.Int(0);
            writer.String("ts");
            writer.Double(0);
            writer.String("count");
            writer.Int(1);
            writer.String("joints");
            writer.Int(1);
            writer.String("characters");
            writer.Array(1);
            writer.Int(0);
            writer.String("data");
            writer.Floats(pose, pose.Length);
            writer.String("phase");
            writer.Floats(pose, 1);
            writer.String("contacts");
            writer.Floats(pose, 4);
            writer.String("root_delta");
            writer.Floats(pose, 3);
            writer.String("root");
            writer.Floats(pose, 3);
            writer.String("acting");
            writer.Bytes(new byte[1]);
            byte[] message = writer.ToArray();
            Decode(new MessagePackReader(message, 0, message.Length), message, new PoseFrame());
        }

        private static int ReadCharacters(ref MessagePackReader reader, PoseFrame frame)
        {
            int listed = reader.Array();
            if (listed > MostCharacters) throw new ProtocolException("a pose of " + listed + " characters");
            if (frame.Characters.Length < listed) frame.Characters = new int[listed];
            reader.Ints(frame.Characters, listed);
            return listed;
        }

        private static void ReadOptional(ref MessagePackReader reader, ref Blob blob)
        {
            if (reader.IsNil) reader.Skip();
            else blob.Read(ref reader);
        }

        private static void ReadEvents(ref MessagePackReader reader, PoseFrame frame)
        {
            for (int left = reader.Array(); left > 0; left--)
            {
                var happened = new PoseEvent();
                bool known = false;
                for (int pairs = reader.Map(); pairs > 0; pairs--)
                {
                    reader.Key();
                    if (reader.Is("kind")) known = ReadKind(ref reader, ref happened);
                    else if (reader.Is("character")) happened.Character = reader.Int(0, int.MaxValue);
                    else if (reader.Is("foot")) happened.Foot = reader.Int(0, 1);
                    else if (reader.Is("ref")) happened.Ref = (uint)reader.Int();
                    else if (reader.Is("ago")) happened.Ago = (float)reader.Number();
                    else if (reader.Is("message")) happened.Message = reader.String();
                    else reader.Skip();
                }
                if (known) frame.Events.Add(happened); // a newer server may tell of kinds that this client does not know
            }
        }

        private static bool ReadKind(ref MessagePackReader reader, ref PoseEvent happened)
        {
            reader.Key();
            if (reader.Is("footstep")) happened.Kind = PoseEventKind.Footstep;
            else if (reader.Is("act_begin")) happened.Kind = PoseEventKind.ActBegin;
            else if (reader.Is("act_end")) happened.Kind = PoseEventKind.ActEnd;
            else if (reader.Is("act_failed")) happened.Kind = PoseEventKind.ActFailed;
            else if (reader.Is("fault")) happened.Kind = PoseEventKind.Fault;
            else return false;
            return true;
        }

        private void ReadPaths(byte[] buffer, PoseFrame frame)
        {
            frame.ResizePaths();
            Floats(buffer, desired, frame.Desired, 4 * PoseFrame.DesiredPlaces * frame.Count);
            Floats(buffer, predicted, frame.Predicted, 4 * PoseFrame.PredictedPlaces * frame.Count);
            PathsToUnity(frame.Desired, PoseFrame.DesiredPlaces * frame.Count);
            PathsToUnity(frame.Predicted, PoseFrame.PredictedPlaces * frame.Count);
        }

        private static void PathsToUnity(float[] path, int places)
        {
            for (int i = 0; i < places; i++)
            {
                path[4 * i] = CanonicalAxes.X(path[4 * i]);
                path[4 * i + 2] = CanonicalAxes.Heading(path[4 * i + 2]);
            }
        }

        private static void ToUnity(PoseFrame frame)
        {
            int count = frame.Count;
            bool sound = PoseRows.Turn(frame.Poses, 0, count, frame.Stride) && PoseRows.AreFinite(frame.Root, 3 * count)
                && PoseRows.AreFinite(frame.RootDelta, 3 * count) && PoseRows.AreFinite(frame.Contacts, 4 * count) && PoseRows.AreFinite(frame.Phase, count);
            if (!sound) throw new ProtocolException("a pose with values that are no pose");
            GroundToUnity(frame.RootDelta, count);
            GroundToUnity(frame.Root, count);
        }

        /// <summary>x, z and heading, one character after the other.</summary>
        private static void GroundToUnity(float[] values, int count)
        {
            for (int i = 0; i < count; i++)
            {
                values[3 * i] = CanonicalAxes.X(values[3 * i]);
                values[3 * i + 2] = CanonicalAxes.Heading(values[3 * i + 2]);
            }
        }

        /// <summary>The numbers of a blob; Unity runs on little-endian machines only.</summary>
        private static void Floats(byte[] buffer, Blob blob, float[] values, int count)
        {
            if (blob.Length != 4 * count) throw new ProtocolException("a blob of " + blob.Length + " bytes instead of " + 4 * count);
            Buffer.BlockCopy(buffer, blob.Offset, values, 0, blob.Length);
        }
    }
}
