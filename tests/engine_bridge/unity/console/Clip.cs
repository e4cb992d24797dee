using System.Threading;

namespace Motionwire.Console
{
    /// <summary>Lets the server make a clip of a sentence.</summary>
    internal static class Clip
    {
        public static int Run(ClientOptions options, string sentence)
        {
            using (var client = new MotionwireClient(options))
            {
                while (client.State != ClientState.Open) Thread.Sleep(5);
                GeneratedClip clip = client.Generate(sentence, 45, 3);
                while (!clip.Ended) Thread.Sleep(5);
                var pose = new float[3 + 4 * clip.Joints];
                if (clip.Frames > 0) clip.CopyFrame(clip.Frames - 1, pose);
                System.Console.WriteLine("{\"frames\":" + clip.Frames + ",\"fps\":" + clip.Fps + ",\"joints\":" + clip.Joints
                    + ",\"root_y\":" + pose[1] + ",\"problem\":" + (clip.Problem == null ? "null" : "\"" + clip.Problem + "\"") + "}");
            }
            return 0;
        }
    }
}
