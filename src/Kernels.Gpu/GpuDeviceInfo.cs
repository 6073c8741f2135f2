namespace Upweave.Kernels.Gpu;

/// <summary>A device that OpenCL offers.</summary>
/// <param name="Index">What <c>--device gpu:n</c> calls it: graphics processors first, in OpenCL's order.</param>
/// <param name="IsGpu">A graphics processor or another accelerator; false for OpenCL on a processor, which is there to test with.</param>
/// <param name="MemoryBytes">Of the device.</param>
/// <param name="ComputeUnits">Multiprocessors, or cores.</param>
public sealed record GpuDeviceInfo(
    int Index, string Name, string Platform, string Driver, bool IsGpu, long MemoryBytes, int ComputeUnits)
{
    /// <summary>OpenCL's handle.</summary>
    internal nint Id { get; init; }

    /// <summary>NVIDIA's, ten times: 90 for an H100. 0 elsewhere.</summary>
    internal int ComputeCapability { get; init; }

    /// <summary>Whether it says that it has matrix units for the fast mode.</summary>
    internal bool HasMatrixUnits(FastPrecision precision) =>
        IsNvidia && ComputeCapability >= (precision == FastPrecision.Float16 ? 75 : 80);

    /// <summary>Whether programs may hold NVIDIA's own instructions.</summary>
    internal bool IsNvidia { get; init; }
}
