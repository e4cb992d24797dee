using System;
using System.Text;

namespace Motionwire
{
    /// <summary>Writes one MessagePack value after another into a buffer that is kept, so that nothing is allocated per message.</summary>
    /// <remarks>https://github.com/msgpack/msgpack/blob/master/spec.md. The first <see cref="Headroom"/> bytes are left free for the
    /// header of the ZMTP frame, so that header and message leave in one write.</remarks>
    public sealed class MessagePackWriter
    {
        internal const int Headroom = 9; // flags and a 64-bit length

        private byte[] buffer = new byte[1024];
        private int length = Headroom;

        internal byte[] Buffer { get { return buffer; } }

        /// <summary>Bytes of the message so far.</summary>
        public int Length { get { return length - Headroom; } }

        /// <summary>Begins a new message.</summary>
        public void Clear() { length = Headroom; }

        /// <summary>A copy of the message.</summary>
        public byte[] ToArray()
        {
            var copy = new byte[Length];
            System.Buffer.BlockCopy(buffer, Headroom, copy, 0, copy.Length);
            return copy;
        }

        /// <summary>A map follows: so many pairs of key and value.</summary>
        public void Map(int pairs)
        {
            if (pairs < 16) Head((byte)(0x80 | pairs));
            else Sized(0xde, pairs);
        }

        /// <summary>An array follows: so many values.</summary>
        public void Array(int count)
        {
            if (count < 16) Head((byte)(0x90 | count));
            else if (count <= ushort.MaxValue) Sized(0xdc, count);
            else Big(0xdd, (uint)count, 4);
        }

        public void Bool(bool value) { Head(value ? (byte)0xc3 : (byte)0xc2); }

        public void Int(long value)
        {
            if (value >= 0 && value < 128 || value < 0 && value >= -32) Head((byte)value);
            else if (value >= 0 && value <= byte.MaxValue) Big(0xcc, (ulong)value, 1);
            else if (value >= 0 && value <= ushort.MaxValue) Big(0xcd, (ulong)value, 2);
            else if (value >= 0 && value <= uint.MaxValue) Big(0xce, (ulong)value, 4);
            else if (value >= int.MinValue && value < 0) Big(0xd2, (uint)(int)value, 4);
            else Big(0xd3, (ulong)value, 8);
        }

        public void Float(float value)
        {
            var bits = new FloatBits { Value = value };
            Big(0xca, bits.Bits, 4);
        }

        public void Double(double value) { Big(0xcb, (ulong)BitConverter.DoubleToInt64Bits(value), 8); }

        public void String(string value)
        {
            if (ShortAscii(value)) return;
            int bytes = Encoding.UTF8.GetByteCount(value);
            if (bytes < 32) Head((byte)(0xa0 | bytes));
            else if (bytes <= byte.MaxValue) Big(0xd9, (ulong)bytes, 1);
            else Sized(0xda, bytes);
            Ensure(bytes);
            Encoding.UTF8.GetBytes(value, 0, value.Length, buffer, length);
            length += bytes;
        }

        public void Bytes(byte[] value)
        {
            BytesHead(value.Length);
            Ensure(value.Length);
            System.Buffer.BlockCopy(value, 0, buffer, length, value.Length);
            length += value.Length;
        }

        /// <summary>A blob of the first `count` numbers, as float32, little-endian as every machine that Unity runs on.</summary>
        public void Floats(float[] values, int count)
        {
            BytesHead(4 * count);
            Ensure(4 * count);
            System.Buffer.BlockCopy(values, 0, buffer, length, 4 * count);
            length += 4 * count;
        }

        /// <summary>Writes what most strings are: keys. False for what is longer than 31 characters or not ASCII.</summary>
        private bool ShortAscii(string value)
        {
            if (value.Length >= 32) return false;
            Ensure(1 + value.Length);
            for (int i = 0; i < value.Length; i++)
            {
                char character = value[i];
                if (character >= 0x80) return false;
                buffer[length + 1 + i] = (byte)character;
            }
            buffer[length] = (byte)(0xa0 | value.Length);
            length += 1 + value.Length;
            return true;
        }

        private void BytesHead(int bytes)
        {
            if (bytes <= byte.MaxValue) Big(0xc4, (ulong)bytes, 1);
            else if (bytes <= ushort.MaxValue) Sized(0xc5, bytes);
            else Big(0xc6, (ulong)bytes, 4);
        }

        private void Head(byte value)
        {
            Ensure(1);
            buffer[length++] = value;
        }

        private void Sized(byte head, int value)
        {
            if (value > ushort.MaxValue) throw new ArgumentOutOfRangeException("value", value, "too long for one message");
            Big(head, (ulong)value, 2);
        }

        private void Big(byte head, ulong value, int bytes)
        {
            Ensure(1 + bytes);
            buffer[length++] = head;
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) buffer[length++] = (byte)(value >> shift);
        }

        private void Ensure(int more)
        {
            if (length + more > buffer.Length) System.Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + more));
        }
    }
}
