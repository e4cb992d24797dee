namespace Motionwire
{
    /// <summary>The wire's axes (right-handed, Y up, facing +Z, left at +X) and Unity's (left-handed, the same but for X). Its own inverse.</summary>
    public static class CanonicalAxes
    {
        /// <summary>x of a position or velocity; y and z stay.</summary>
        public static float X(float x) { return -x; }

        /// <summary>A heading or turn in rad: positive to the left on the wire, to the right in Unity.</summary>
        public static float Heading(float heading) { return -heading; }

        /// <summary>Positions xyz one after another, in place.</summary>
        public static void Positions(float[] values, int first, int count)
        {
            for (int i = 0; i < count; i++) values[first + 3 * i] = -values[first + 3 * i];
        }

        /// <summary>Quaternions xyzw one after another, in place.</summary>
        public static void Rotations(float[] values, int first, int count)
        {
            for (int i = 0; i < count; i++)
            {
                values[first + 4 * i + 1] = -values[first + 4 * i + 1];
                values[first + 4 * i + 2] = -values[first + 4 * i + 2];
            }
        }
    }
}
