namespace Upweave.Kernels.Gpu;

/// <summary>The device's compiler refuses a program. The device goes on with others.</summary>
public sealed class GpuProgramException(string message) : GpuException(message);
