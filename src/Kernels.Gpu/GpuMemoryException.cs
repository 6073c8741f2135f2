namespace Upweave.Kernels.Gpu;

/// <summary>The device has no room for a tile now. It goes on with smaller ones.</summary>
public sealed class GpuMemoryException(string message) : GpuException(message);
