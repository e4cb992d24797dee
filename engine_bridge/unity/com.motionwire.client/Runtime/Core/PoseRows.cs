using System;

namespace Motionwire
{
    /// <summary>The numbers of poses, checked and turned by their bits. A thousand characters have a hundred thousand of them in each frame: with
    /// a check of bounds for each, and compared as floats, they take longer than all else that a client does in a frame.</summary>
    internal static unsafe class PoseRows
    {
        private const uint Sign = 0x80000000;
        private const uint Exponent = 0x7f800000, Lowest = 0x00800000; // all ones where a number is not finite: one more carries into the sign
        private const uint TwoOrMore = 0x40000000; // the highest bit of the exponent

        /// <summary>Turns rows (a place, then rotations) into Unity's axes, in place: see <see cref="CanonicalAxes"/>. False where a place is
        /// not finite, or part of a rotation is 2 or more: that is none. Rotations are given length 1 where they are used.</summary>
        public static bool Turn(float[] poses, int first, int rows, int stride)
        {
            Check(poses, first, (long)rows * stride);
            uint places = 0, rotations = 0;
            fixed (float* values = poses)
            {
                uint* at = (uint*)values + first;
                for (int row = 0; row < rows; row++)
                {
                    uint* end = at + stride;
                    places |= (at[0] & Exponent) + Lowest | (at[1] & Exponent) + Lowest | (at[2] & Exponent) + Lowest;
                    at[0] ^= Sign;
                    for (at += 3; at < end; at += 4)
                    {
                        uint y = at[1], z = at[2];
                        rotations |= at[0] | y | z | at[3];
                        at[1] = y ^ Sign;
                        at[2] = z ^ Sign;
                    }
                }
            }
            return (places & Sign) == 0 && (rotations & TwoOrMore) == 0;
        }

        /// <summary>Whether none of the first `count` numbers is infinite or NaN.</summary>
        public static bool AreFinite(float[] numbers, int count)
        {
            Check(numbers, 0, count);
            uint found = 0;
            fixed (float* values = numbers)
            {
                var at = (uint*)values;
                for (int i = 0; i < count; i++) found |= (at[i] & Exponent) + Lowest;
            }
            return (found & Sign) == 0;
        }

        private static void Check(float[] numbers, int first, long count)
        {
            if (first < 0 || count < 0 || first + count > numbers.Length) throw new ArgumentOutOfRangeException("count");
        }
    }
}
