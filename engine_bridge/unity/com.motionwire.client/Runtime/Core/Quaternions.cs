using System;

namespace Motionwire
{
    /// <summary>Quaternions xyzw inside arrays. The same formulas hold in right-handed and left-handed axes.</summary>
    public static class Quaternions
    {
        /// <summary>c = a b.</summary>
        public static void Multiply(float[] a, int ia, float[] b, int ib, float[] c, int ic)
        {
            float ax = a[ia], ay = a[ia + 1], az = a[ia + 2], aw = a[ia + 3];
            float bx = b[ib], by = b[ib + 1], bz = b[ib + 2], bw = b[ib + 3];
            c[ic] = aw * bx + ax * bw + ay * bz - az * by;
            c[ic + 1] = aw * by - ax * bz + ay * bw + az * bx;
            c[ic + 2] = aw * bz + ax * by - ay * bx + az * bw;
            c[ic + 3] = aw * bw - ax * bx - ay * by - az * bz;
        }

        /// <summary>out = q v q*.</summary>
        public static void Rotate(float[] q, int iq, float[] v, int iv, float[] result, int ir)
        {
            float x = q[iq], y = q[iq + 1], z = q[iq + 2], w = q[iq + 3];
            float vx = v[iv], vy = v[iv + 1], vz = v[iv + 2];
            float tx = 2 * (y * vz - z * vy), ty = 2 * (z * vx - x * vz), tz = 2 * (x * vy - y * vx);
            result[ir] = vx + w * tx + y * tz - z * ty;
            result[ir + 1] = vy + w * ty + z * tx - x * tz;
            result[ir + 2] = vz + w * tz + x * ty - y * tx;
        }

        /// <summary>Gives q length 1; the identity where it has none.</summary>
        public static void Normalise(float[] q, int at)
        {
            float norm = 0;
            for (int i = at; i < at + 4; i++) norm += q[i] * q[i];
            if (norm > 1e-12f)
            {
                float scale = 1 / (float)Math.Sqrt(norm);
                for (int i = at; i < at + 4; i++) q[i] *= scale;
                return;
            }
            for (int i = at; i < at + 3; i++) q[i] = 0;
            q[at + 3] = 1;
        }

        /// <summary>From a towards b by the shorter way, normalised (nlerp: frames lie a sixtieth of a second apart); the result lies where a
        /// does in its array.</summary>
        public static void Interpolate(float[] a, int ia, float[] b, int ib, float share, float[] result)
        {
            float dot = 0;
            for (int i = 0; i < 4; i++) dot += a[ia + i] * b[ib + i];
            float sign = dot < 0 ? -share : share;
            for (int i = 0; i < 4; i++) result[ia + i] = (1 - share) * a[ia + i] + sign * b[ib + i];
            Normalise(result, ia);
        }
    }
}
