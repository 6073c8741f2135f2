namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>A way to compute a layer on a device, with its weights there. All in exact mode give the same bits.</summary>
internal interface IGpuTechnique : IDisposable
{
    string Name { get; }

    /// <summary>Begins to compute a call: from the stream's input to its output.</summary>
    void Enqueue(GpuStream stream, GpuBox box);

    /// <summary>Bytes of the stream's workspace that a call takes.</summary>
    long WorkspaceBytes(GpuBox box);
}
