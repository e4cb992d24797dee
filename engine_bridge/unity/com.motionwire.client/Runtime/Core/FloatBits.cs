using System.Runtime.InteropServices;

namespace Motionwire
{
    /// <summary>A float32 and its bits, without a heap allocation and without unsafe code.</summary>
    [StructLayout(LayoutKind.Explicit)]
    internal struct FloatBits
    {
        [FieldOffset(0)] public float Value;
        [FieldOffset(0)] public uint Bits;
    }
}
