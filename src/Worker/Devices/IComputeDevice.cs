using System.Buffers;
using Upweave.Kernels;
using Upweave.Planning;

namespace Upweave.Worker.Devices;

/// <summary>What computes a worker's tiles: the processor, or a device beside it. Safe for concurrent use.</summary>
public interface IComputeDevice : IDisposable
{
    /// <summary>As telemetry names it: <c>cpu</c>, or the device's own name.</summary>
    string Name { get; }

    /// <summary>What it is, and why it was chosen where nobody named it; for the log.</summary>
    string Description { get; }

    /// <summary>The threads that ask it to compute are what it computes with.</summary>
    bool IsProcessor { get; }

    /// <summary>
    /// Why it computes nothing any more; null while all is well. Memory of calls that have failed since then may still be written to.
    /// </summary>
    string? Lost { get; }

    /// <summary>Makes a layer ready.</summary>
    /// <param name="weights">[Cin, Cout/groups, k...], finite; kept, not copied.</param>
    /// <param name="bias">One per output channel, finite; empty: none. Kept, not copied.</param>
    /// <param name="precision">What may be given away; the processor's kernels give nothing away.</param>
    /// <param name="warn">Told, now and later, when the processor has to help out.</param>
    /// <returns>Null when this device cannot take the layer: the processor can.</returns>
    /// <exception cref="ArgumentException">Weights, bias or activation do not fit the layer.</exception>
    IConvTransposeKernel? CreateKernel(
        ConvTransposeLayer layer, float[] weights, float[] bias, Precision precision, Action<string> warn);

    /// <summary>Memory for boxes that kernels read and write. Content is dirty; the caller disposes it.</summary>
    /// <param name="byteLength">Below 2^31.</param>
    MemoryManager<byte> Allocate(long byteLength);
}
