using System;
using System.Text;

namespace Motionwire
{
    /// <summary>Reads MessagePack values one after another from a part of a buffer; keys are compared where they lie, so that nothing is
    /// allocated. Throws <see cref="ProtocolException"/> on whatever is not what was asked for.</summary>
    public struct MessagePackReader
    {
        private readonly byte[] data;
        private readonly int end;
        private int at;
        private int keyAt;
        private int keyLength;

        public MessagePackReader(byte[] data, int offset, int length)
        {
            this.data = data;
            at = offset;
            end = offset + length;
            keyAt = keyLength = 0;
        }

        public bool AtEnd { get { return at == end; } }

        public bool IsNil { get { return Peek() == 0xc0; } }

        /// <summary>The format byte of the next value.</summary>
        internal byte Head { get { return Peek(); } }

        /// <summary>The pairs of the map that begins here.</summary>
        public int Map()
        {
            byte head = Next();
            if (head >= 0x80 && head <= 0x8f) return head & 15;
            if (head == 0xde) return Count(2, 2);
            if (head == 0xdf) return Count(4, 2);
            throw Unexpected("a map", head);
        }

        /// <summary>The values of the array that begins here.</summary>
        public int Array()
        {
            byte head = Next();
            if (head >= 0x90 && head <= 0x9f) return head & 15;
            if (head == 0xdc) return Count(2, 1);
            if (head == 0xdd) return Count(4, 1);
            throw Unexpected("an array", head);
        }

        /// <summary>Reads a string that is compared by <see cref="Is"/>.</summary>
        public void Key()
        {
            keyLength = StringLength();
            keyAt = at;
            at += keyLength;
        }

        /// <summary>Whether the key just read is this ASCII text.</summary>
        public bool Is(string text)
        {
            if (text.Length != keyLength) return false;
            for (int i = 0; i < keyLength; i++)
            {
                if (data[keyAt + i] != text[i]) return false;
            }
            return true;
        }

        public string String()
        {
            int length = StringLength();
            at += length;
            return Encoding.UTF8.GetString(data, at - length, length);
        }

        public bool Bool()
        {
            byte head = Next();
            if (head == 0xc2 || head == 0xc3) return head == 0xc3;
            throw Unexpected("a bool", head);
        }

        public long Int()
        {
            byte head = Next();
            if (head < 0x80) return head;
            if (head >= 0xe0) return (sbyte)head;
            switch (head)
            {
                case 0xcc: return (long)Big(1);
                case 0xcd: return (long)Big(2);
                case 0xce: return (long)Big(4);
                case 0xcf:
                    ulong value = Big(8);
                    if (value > long.MaxValue) throw new ProtocolException("an integer beyond 63 bits");
                    return (long)value;
                case 0xd0: return (sbyte)Big(1);
                case 0xd1: return (short)Big(2);
                case 0xd2: return (int)Big(4);
                case 0xd3: return (long)Big(8);
                default: throw Unexpected("an integer", head);
            }
        }

        /// <summary>An integer that must lie within bounds.</summary>
        public int Int(int least, int most)
        {
            long value = Int();
            if (value < least || value > most) throw new ProtocolException(value + " is not within " + least + " to " + most);
            return (int)value;
        }

        /// <summary>So many integers from 0 up, the values of an array; those below 65,536 without a call for each.</summary>
        internal void Ints(int[] values, int count)
        {
            byte[] bytes = data;
            int here = at;
            for (int i = 0; i < count; i++)
            {
                byte head = here < end ? bytes[here] : (byte)0xff;
                if (head < 0x80)
                {
                    values[i] = head;
                    here++;
                }
                else if (head == 0xcd && end - here >= 3)
                {
                    values[i] = bytes[here + 1] << 8 | bytes[here + 2];
                    here += 3;
                }
                else
                {
                    at = here;
                    values[i] = Int(0, int.MaxValue);
                    here = at;
                }
            }
            at = here;
        }

        /// <summary>A float of either size, or an integer.</summary>
        public double Number()
        {
            byte head = Peek();
            if (head == 0xca)
            {
                at++;
                return new FloatBits { Bits = (uint)Big(4) }.Value;
            }
            if (head == 0xcb)
            {
                at++;
                return BitConverter.Int64BitsToDouble((long)Big(8));
            }
            return Int();
        }

        /// <summary>Where in the buffer a blob lies.</summary>
        public void Bytes(out int offset, out int length)
        {
            byte head = Next();
            if (head < 0xc4 || head > 0xc6) throw Unexpected("bytes", head);
            length = Count(1 << (head - 0xc4), 1);
            offset = at;
            at += length;
        }

        /// <summary>Passes over one value, however deep.</summary>
        public void Skip()
        {
            for (long left = 1; left > 0; left--)
            {
                byte head = Next();
                if (head < 0x80 || head >= 0xe0 || head == 0xc0 || head == 0xc2 || head == 0xc3) continue;
                if (head <= 0x8f) left += 2 * (head & 15);
                else if (head <= 0x9f) left += head & 15;
                else if (head <= 0xbf) Pass(head & 31);
                else if (head >= 0xc4 && head <= 0xc6) Pass(Count(1 << (head - 0xc4), 1));
                else if (head >= 0xc7 && head <= 0xc9) Pass(1 + Count(1 << (head - 0xc7), 1));
                else if (head == 0xca) Pass(4);
                else if (head == 0xcb) Pass(8);
                else if (head >= 0xcc && head <= 0xd3) Pass(1 << ((head - 0xcc) & 3));
                else if (head >= 0xd4 && head <= 0xd8) Pass(1 + (1 << (head - 0xd4)));
                else if (head >= 0xd9 && head <= 0xdb) Pass(Count(1 << (head - 0xd9), 1));
                else if (head == 0xdc || head == 0xdd) left += Count(head == 0xdc ? 2 : 4, 1);
                else if (head == 0xde || head == 0xdf) left += 2L * Count(head == 0xde ? 2 : 4, 2);
                else throw Unexpected("a value", head);
            }
        }

        private int StringLength()
        {
            byte head = Next();
            int length;
            if (head >= 0xa0 && head <= 0xbf) length = head & 31;
            else if (head >= 0xd9 && head <= 0xdb) length = Count(1 << (head - 0xd9), 1);
            else throw Unexpected("a string", head);
            if (length > end - at) throw CutOff();
            return length;
        }

        /// <summary>A length of so many bytes; each of what it counts takes at least `least` bytes, so that it cannot exceed what is there.</summary>
        private int Count(int bytes, int least)
        {
            ulong count = Big(bytes);
            if (count > (ulong)((end - at) / least)) throw CutOff();
            return (int)count;
        }

        private byte Peek()
        {
            if (at >= end) throw CutOff();
            return data[at];
        }

        private byte Next()
        {
            byte head = Peek();
            at++;
            return head;
        }

        private ulong Big(int bytes)
        {
            if (bytes > end - at) throw CutOff();
            ulong value = 0;
            for (int i = 0; i < bytes; i++) value = value << 8 | data[at++];
            return value;
        }

        private void Pass(int bytes)
        {
            if (bytes > end - at) throw CutOff();
            at += bytes;
        }

        private static ProtocolException CutOff() { return new ProtocolException("a message is cut off"); }

        private static ProtocolException Unexpected(string wanted, byte head)
        {
            return new ProtocolException("0x" + head.ToString("x2") + " where " + wanted + " should be");
        }
    }
}
