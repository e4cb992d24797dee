using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Motionwire
{
    /// <summary>One connection of a ZeroMQ DEALER to a ROUTER: ZMTP 3.1 over TCP, NULL mechanism (https://rfc.zeromq.org/spec/37/).</summary>
    /// <remarks>One thread at a time opens it and reads; any thread waits, sends or closes. Sending never blocks: what the system does not take
    /// is refused. The socket is non-blocking, and who waits does so in a poll that ends when something comes or the socket is shut down.</remarks>
    internal sealed class ZmtpConnection
    {
        private const int GreetingLength = 64;
        private const int MostBytes = 16 * 1024 * 1024; // of one message: poses of 13,000 characters
        private const int SendBuffer = 256 * 1024;
        private const int Piece = 64 * 1024; // a socket that polls as writable takes this at once: a third of its buffer is free
        private const int SendCost = 4 * 1024; // at most what the system needs for a send besides its bytes
        private const double FloodSeconds = 0.0005; // that commands may keep a reader who does not wait
        private const int PongLength = 2 + 5 + 16, MostPongs = 512 * PongLength; // sent at once
        private const byte More = 1, Long = 2, Command = 4;

        private readonly object writing = new object();
        private readonly byte[] pongs = new byte[MostPongs];
        private int pongsEnd;
        private byte[] tail = new byte[0]; // of a message of which the system took only the head
        private int tailAt, tailEnd;
        private int room; // that the system has for certain
        private byte[] input = new byte[16 * 1024];
        private int inputAt, inputEnd;
        private volatile bool flooded; // Read gave up amid commands: Input holds more
        private Socket socket;
        private volatile bool closed;
        private double sentAt;

        /// <summary>What <see cref="Read"/> found lies in here, until it is called again.</summary>
        public byte[] Input { get { return input; } }

        /// <summary>Whether the message at hand needs a larger <see cref="Input"/>.</summary>
        public bool IsFull { get { return inputAt == 0 && inputEnd == input.Length; } }

        /// <summary>Whether a part of a message is there.</summary>
        public bool HasBegun { get { return inputEnd > inputAt; } }

        /// <summary>When something was sent last, by <see cref="Clock"/>.</summary>
        public double SentAt
        {
            get { lock (writing) return sentAt; }
        }

        /// <summary>Connects and shakes hands within so many seconds. Throws ConnectionLostException or ProtocolException.</summary>
        public void Open(string host, int port, double seconds)
        {
            double deadline = Clock.Now + seconds;
            Connect(host, port, deadline);
            SendAll(Greeting());
            ReadGreeting(deadline);
            SendAll(Ready());
            ReadReady(deadline);
        }

        /// <summary>Waits for a message until the deadline (by <see cref="Clock"/>); false when none came, or none that fits into what
        /// <see cref="Input"/> is and may not grow. Throws when the connection is lost or the peer does not speak ZMTP.</summary>
        public bool Read(double deadline, bool mayGrow, out int offset, out int length)
        {
            byte flags;
            double patience = Math.Max(deadline, Clock.Now + FloodSeconds);
            flooded = false;
            while (true)
            {
                while (TakeFrame(out flags, out offset, out length))
                {
                    if ((flags & Command) != 0)
                    {
                        Obey(offset, length);
                        flooded = Clock.Now > patience; // it has no end: there may be a message behind it, and there may be none
                        if (!flooded) continue;
                        SendPongs();
                        return false;
                    }
                    if ((flags & More) != 0) throw new ProtocolException("a message of several parts");
                    return true;
                }
                SendPongs();
                if (!mayGrow && IsFull) return false;
                if (!Fill(deadline)) return false;
            }
        }

        /// <summary>Sends a message, or refuses it whole: false when the peer does not take what was sent before, or is gone.</summary>
        public bool Send(MessagePackWriter message)
        {
            byte[] buffer = message.Buffer;
            int length = message.Length, first = MessagePackWriter.Headroom - 2;
            if (length <= byte.MaxValue)
            {
                buffer[first] = 0;
                buffer[first + 1] = (byte)length;
            }
            else
            {
                first = 0;
                buffer[0] = Long;
                for (int i = 0; i < 8; i++) buffer[1 + i] = (byte)((ulong)length >> (56 - 8 * i));
            }
            return Write(buffer, first, MessagePackWriter.Headroom + length);
        }

        /// <summary>Tries to send the tail of a message that the system did not take at once.</summary>
        public void Flush()
        {
            lock (writing) FlushTail();
        }

        /// <summary>Ends the connection from any thread; all waits end.</summary>
        public void Close()
        {
            ShutDown();
            if (socket != null) socket.Close();
        }

        /// <summary>The part of <see cref="Close"/> that takes no time.</summary>
        public void ShutDown()
        {
            closed = true;
            if (socket == null) return;
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // It was never connected, or the peer was quicker.
            }
            catch (ObjectDisposedException)
            {
                // Somebody closed it before.
            }
        }

        private void Connect(string host, int port, double deadline)
        {
            string problem = "no address";
            IPAddress[] addresses = Resolve(host);
            for (int i = 0; i < addresses.Length; i++)
            {
                IPAddress address = addresses[i];
                double until = Clock.Now + (deadline - Clock.Now) / (addresses.Length - i); // one that does not answer leaves time for the others
                var candidate = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket = candidate;
                if (closed) break;
                candidate.NoDelay = true;
                candidate.SendBufferSize = SendBuffer;
                candidate.Blocking = false;
                try
                {
                    candidate.Connect(new IPEndPoint(address, port));
                }
                catch (SocketException error)
                {
                    if (error.SocketErrorCode != SocketError.WouldBlock && error.SocketErrorCode != SocketError.InProgress)
                    {
                        problem = Words(error.SocketErrorCode);
                        candidate.Close();
                        continue;
                    }
                }
                if (!HasEnded(candidate, until)) problem = "no answer";
                else
                {
                    var result = (SocketError)(int)candidate.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);
                    if (result == SocketError.Success) return;
                    problem = Words(result);
                }
                candidate.Close();
            }
            throw new ConnectionLostException("cannot connect to " + host + ":" + port + ": " + problem + "; is `motionwire serve` running?");
        }

        /// <summary>Waits until connecting has ended, well or not, which Windows tells apart; false at the deadline.</summary>
        private static bool HasEnded(Socket connecting, double deadline)
        {
            var writable = new List<Socket> { connecting };
            var failed = new List<Socket> { connecting };
            Socket.Select(null, writable, failed, Microseconds(deadline));
            return writable.Count > 0 || failed.Count > 0;
        }

        private static IPAddress[] Resolve(string host)
        {
            IPAddress address;
            if (host == "localhost") host = "127.0.0.1"; // the server binds that; the name may stand for ::1 first
            if (IPAddress.TryParse(host, out address)) return new[] { address };
            return Dns.GetHostAddresses(host);
        }

        private static byte[] Greeting()
        {
            var greeting = new byte[GreetingLength];
            greeting[0] = 0xff;
            greeting[9] = 0x7f;
            greeting[10] = 3;
            greeting[11] = 1;
            Encoding.ASCII.GetBytes("NULL", 0, 4, greeting, 12);
            return greeting;
        }

        private void ReadGreeting(double deadline)
        {
            while (inputEnd - inputAt < GreetingLength)
            {
                if (inputEnd > inputAt && input[inputAt] != 0xff) throw new ProtocolException("the other side does not speak ZeroMQ");
                if (!Fill(deadline)) throw new ConnectionLostException("the other side took the connection and says nothing");
            }
            if (input[inputAt] != 0xff || (input[inputAt + 9] & 1) == 0 || input[inputAt + 10] < 3)
            {
                throw new ProtocolException("the other side does not speak ZeroMQ 3 or newer");
            }
            string mechanism = Encoding.ASCII.GetString(input, inputAt + 12, 20).TrimEnd('\0');
            if (mechanism != "NULL") throw new ProtocolException("the server wants " + mechanism + " security, which this client does not speak");
            inputAt += GreetingLength;
        }

        private static byte[] Ready()
        {
            const string body = "\x05READY\x0bSocket-Type\0\0\0\x06" + "DEALER";
            var frame = new byte[2 + body.Length];
            frame[0] = Command;
            frame[1] = (byte)body.Length;
            Encoding.ASCII.GetBytes(body, 0, body.Length, frame, 2);
            return frame;
        }

        private void ReadReady(double deadline)
        {
            byte flags;
            int offset, length;
            while (!TakeFrame(out flags, out offset, out length))
            {
                if (!Fill(deadline)) throw new ConnectionLostException("the other side does not finish its handshake");
            }
            if ((flags & Command) == 0 || !IsCommand(offset, length, "READY")) throw new ProtocolException("the other side refuses the connection");
            string properties = Encoding.ASCII.GetString(input, offset, length);
            if (properties.Contains("Socket-Type") && !properties.Contains("ROUTER")) throw new ProtocolException("the other side is no ZeroMQ ROUTER");
        }

        private bool IsCommand(int offset, int length, string name)
        {
            if (length < 1 + name.Length || input[offset] != name.Length) return false;
            for (int i = 0; i < name.Length; i++)
            {
                if (input[offset + 1 + i] != name[i]) return false;
            }
            return true;
        }

        /// <summary>Answers a heartbeat: PING is followed by a time to live of two bytes and a context that the PONG repeats.</summary>
        /// <remarks>Answers gather while there is more to read: who asks thousands of times shall not keep the main thread from writing.</remarks>
        private void Obey(int offset, int length)
        {
            if (!IsCommand(offset, length, "PING")) return;
            int context = length - 7;
            if (context < 0 || context > 16) throw new ProtocolException("a ZeroMQ PING of " + length + " bytes");
            if (pongsEnd + PongLength > MostPongs) SendPongs();
            pongs[pongsEnd] = Command;
            pongs[pongsEnd + 1] = (byte)(5 + context);
            pongs[pongsEnd + 2] = 4;
            Encoding.ASCII.GetBytes("PONG", 0, 4, pongs, pongsEnd + 3);
            Buffer.BlockCopy(input, offset + 7, pongs, pongsEnd + 7, context);
            pongsEnd += 7 + context;
        }

        private void SendPongs()
        {
            if (pongsEnd > 0) Write(pongs, 0, pongsEnd);
            pongsEnd = 0;
        }

        private bool TakeFrame(out byte flags, out int offset, out int length)
        {
            flags = 0;
            offset = length = 0;
            int there = inputEnd - inputAt;
            if (there < 2) return false;
            flags = input[inputAt];
            if (flags > (More | Long | Command)) throw new ProtocolException("a ZeroMQ frame with flags " + flags);
            int head = (flags & Long) != 0 ? 9 : 2;
            if (there < head) return false;
            ulong size = 0;
            for (int i = 1; i < head; i++) size = size << 8 | input[inputAt + i];
            if (size > MostBytes) throw new ProtocolException("a message of " + size + " bytes");
            if (there - head < (int)size) return false;
            offset = inputAt + head;
            length = (int)size;
            inputAt = offset + length;
            return true;
        }

        /// <summary>Waits until there are more bytes to read, or the connection is over, as reading tells; false at the deadline.</summary>
        public bool Wait(double deadline)
        {
            try
            {
                return closed || flooded || socket.Poll(Microseconds(deadline), SelectMode.SelectRead);
            }
            catch (SocketException)
            {
                return true;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }

        /// <summary>Takes what comes until the deadline; false when nothing does.</summary>
        private bool Fill(double deadline)
        {
            MakeRoom();
            // The rest of a message is most often there.
            if (!HasBegun && Clock.Now < deadline && !Wait(deadline)) return false;
            while (!Receive())
            {
                if (Clock.Now >= deadline || !Wait(deadline)) return false;
            }
            return true;
        }

        /// <summary>The buffer grows by what came, not by what was announced.</summary>
        private void MakeRoom()
        {
            if (inputAt == inputEnd) inputAt = inputEnd = 0;
            if (inputEnd == input.Length && inputAt > 0)
            {
                Buffer.BlockCopy(input, inputAt, input, 0, inputEnd - inputAt);
                inputEnd -= inputAt;
                inputAt = 0;
            }
            if (inputEnd == input.Length) Array.Resize(ref input, 2 * input.Length);
        }

        /// <summary>Takes the bytes that are there; false without any.</summary>
        private bool Receive()
        {
            try
            {
                if (closed) throw new ConnectionLostException("closed");
                SocketError error;
                int received = socket.Receive(input, inputEnd, input.Length - inputEnd, SocketFlags.None, out error);
                if (error == SocketError.WouldBlock) return false;
                if (error != SocketError.Success) throw Broken(error);
                if (received == 0) throw new ConnectionLostException("the server closed the connection");
                inputEnd += received;
                return true;
            }
            catch (SocketException error)
            {
                throw Broken(error.SocketErrorCode);
            }
            catch (ObjectDisposedException)
            {
                throw new ConnectionLostException("closed");
            }
        }

        private static ConnectionLostException Broken(SocketError error) { return new ConnectionLostException("the connection broke: " + Words(error)); }

        private void SendAll(byte[] bytes)
        {
            if (!Write(bytes, 0, bytes.Length)) throw new ConnectionLostException("the server closed the connection");
        }

        private bool Write(byte[] buffer, int at, int end)
        {
            lock (writing)
            {
                if (!FlushTail()) return false;
                int first = at;
                if (!Push(buffer, ref at, end)) return false;
                if (at == first) return false;
                sentAt = Clock.Now;
                if (at == end) return true;
                tailAt = 0;
                tailEnd = end - at;
                if (tail.Length < tailEnd) tail = new byte[tailEnd];
                Buffer.BlockCopy(buffer, at, tail, 0, tailEnd);
                return true;
            }
        }

        private bool FlushTail()
        {
            if (tailAt == tailEnd) return true;
            return Push(tail, ref tailAt, tailEnd) && tailAt == tailEnd;
        }

        /// <summary>Sends as much as the system takes now; false when the connection is gone.</summary>
        /// <remarks>Mono's Send repeats until everything is sent, also on a non-blocking socket: hence the poll before what may find no room.
        /// Not before each message: it takes as long as the sending.</remarks>
        private bool Push(byte[] buffer, ref int at, int end)
        {
            try
            {
                while (at < end && !closed)
                {
                    int size = Math.Min(Piece, end - at);
                    if (room < size + SendCost)
                    {
                        if (!socket.Poll(0, SelectMode.SelectWrite)) break;
                        room = Piece + SendCost;
                    }
                    room -= size + SendCost;
                    SocketError error;
                    at += socket.Send(buffer, at, size, SocketFlags.None, out error);
                    if (error != SocketError.Success) return error == SocketError.WouldBlock;
                }
                return !closed;
            }
            catch (SocketException)
            {
                return false;
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        }

        /// <summary>Until the deadline, in whole ms: Mono's Poll cuts the rest off, and would not wait at all for less than one.</summary>
        private static int Microseconds(double deadline)
        {
            double left = deadline - Clock.Now;
            return left <= 0 ? 0 : 1000 * (int)Math.Min(Math.Max(1, Math.Round(1000 * left)), int.MaxValue / 1000);
        }

        private static string Words(SocketError error)
        {
            switch (error)
            {
                case SocketError.ConnectionRefused: return "nothing listens there";
                case SocketError.ConnectionReset: return "the server is gone";
                case SocketError.HostUnreachable:
                case SocketError.NetworkUnreachable: return "there is no way to it";
                default: return error.ToString();
            }
        }
    }
}
