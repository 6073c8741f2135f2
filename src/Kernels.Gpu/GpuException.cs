namespace Upweave.Kernels.Gpu;

/// <summary>A device could not do what it was asked; whoever has another device, or a processor, can.</summary>
public class GpuException : Exception
{
    public GpuException(string message)
        : base(message)
    {
    }

    public GpuException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
