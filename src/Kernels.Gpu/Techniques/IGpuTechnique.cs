namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>A way to compute a layer on a device, with its weights there. All in exact mode give the same bits.</summary>
internal interface IGpuTechnique : IDisposable
{
    string Name { get; }

    /// <summary>The name, and what else tells how a call is computed.</summary>
    string Describe(GpuBox box) => Name;

    /// <summary>Begins to compute a call: from the stream's input to its output.</summary>
    void Enqueue(GpuStream stream, GpuBox box);

    /// <summary>Makes room for what a call needs of the stream beside input and output.</summary>
    /// <exception cref="GpuMemoryException">There is none.</exception>
    void Fit(GpuStream stream, GpuBox box);
}
