namespace Upweave.Kernels.Gpu;

/// <summary>The device failed or does not answer any more: nothing else will be computed on it by this process.</summary>
public sealed class GpuLostException(string message) : GpuException(message);
