using System;
using System.Globalization;
using System.Threading;

namespace Motionwire.Console
{
    /// <summary>The C# core without an engine: what tests and benchmarks run under Mono, just-in-time and fully ahead-of-time compiled.</summary>
    internal static class Program
    {
        private static int Main(string[] words)
        {
            Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
            switch (words.Length > 0 ? words[0] : "")
            {
                case "bench": return Bench.Run(Options(words), int.Parse(words[3]), long.Parse(words[4]) / 1000.0,
                    Array.ConvertAll(words[5].Split(','), int.Parse));
                case "reconnect": return Reconnect.Run(Options(words));
                case "allocations": return Allocations.Run(Options(words), int.Parse(words[3]));
                case "flatout": return FlatOut.Run(Options(words), int.Parse(words[3]));
                case "drive": return Drive.Run(Options(words), words[3]);
                case "clip": return Clip.Run(Options(words), words[3]);
                case "close": return Close.Run(Options(words));
                case "golden": return Golden.Run(words[1], words[2]);
                case "decode": return Vectors.Decode();
                case "encode": return Vectors.Encode();
                case "fuzz": return Fuzz.Run(int.Parse(words[1]));
                default:
                    System.Console.Error.WriteLine("bench HOST PORT CHARACTERS BEGIN TURNS | reconnect HOST PORT | allocations HOST PORT CHARACTERS"
                        + " | flatout HOST PORT STEPS"
                        + " | drive HOST PORT step|stream | clip HOST PORT SENTENCE | close HOST PORT | golden SESSION OUT | decode | encode | fuzz TIMES");
                    return 2;
            }
        }

        private static ClientOptions Options(string[] words)
        {
            return new ClientOptions
            {
                Host = words[1],
                Port = int.Parse(words[2]),
                Token = Environment.GetEnvironmentVariable("MOTIONWIRE_TOKEN") ?? "",
                Engine = "mono",
            };
        }
    }
}
