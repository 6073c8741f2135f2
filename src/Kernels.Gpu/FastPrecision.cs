namespace Upweave.Kernels.Gpu;

/// <summary>What a device's matrix units round inputs and weights to. Their products are added up in float32 either way.</summary>
public enum FastPrecision
{
    /// <summary>11 bits of significand, float32's range.</summary>
    Tf32 = 1,

    /// <summary>IEEE 754 binary16: 11 bits of significand; numbers beyond 65,504 become infinite.</summary>
    Float16 = 2,

    /// <summary>8 bits of significand, float32's range.</summary>
    BFloat16 = 3,
}
