using Upweave.Kernels.Gpu.Techniques;
using Upweave.Kernels.Techniques;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu;

/// <summary>
/// A layer on a device: copies a box there, computes it and copies the outputs back, with <see cref="GpuDevice.StreamsMost"/> calls at
/// a time. Where the device has no room for a box, or no program for it, the processor computes it.
/// </summary>
public sealed unsafe class GpuKernel : IConvTransposeKernel
{
    /// <summary>A tile takes milliseconds; a device that is silent for so long does not come back.</summary>
    private static readonly TimeSpan SilenceMost = TimeSpan.FromMinutes(2);

    private readonly GpuDevice device;
    private readonly ConvTransposeLayer layer;
    private readonly IGpuTechnique technique;
    private readonly Action<string> warn;
    private readonly Lazy<ProcessorKernel> processor;

    internal GpuKernel(
        GpuDevice device, ConvTransposeLayer layer, float[] weights, float[] bias, IGpuTechnique technique, Action<string> warn)
    {
        this.device = device;
        this.layer = layer;
        this.technique = technique;
        this.warn = warn;
        processor = new Lazy<ProcessorKernel>(() => new ProcessorKernel(layer, weights, bias));
    }

    public string Technique => $"gpu-{technique.Name}";

    /// <summary>Takes no workspace of the caller's.</summary>
    /// <inheritdoc/>
    /// <exception cref="GpuLostException">
    /// The device has failed. If it is silent, it may still use the memory of both boxes: do not give that to anybody else.
    /// </exception>
    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        KernelArguments.CheckCall(layer, input.Length, inputBox, output.Length, outputBox, batch, workspace.Length, 0);
        if (output.IsEmpty)
            return;
        GpuBox box = new(layer, inputBox, outputBox, batch);
        GpuStream stream = device.Rent(cancellationToken);
        fixed (float* pinnedInput = input, pinnedOutput = output)
        {
            try
            {
                bool done = Run(stream, box, input, output);
                if (!done)
                    throw device.Lose($"it has not answered for {SilenceMost.TotalMinutes} minutes.");
            }
            catch (GpuException error) when (error is GpuMemoryException or GpuProgramException)
            {
                Drain(stream);
                warn(error is GpuMemoryException
                    ? $"{device.Info.Name} has no room for a tile, which the processor computes instead. {error.Message} "
                        + "hint: smaller tiles (--tile) fit"
                    : $"{device.Info.Name} does not take a program, so the processor computes instead. {error.Message}");
                processor.Value.Compute(input, inputBox, output, outputBox, batch, cancellationToken);
                return;
            }
            catch (GpuException error) when (error is not GpuLostException)
            {
                throw device.Lose(error.Message);
            }
        }

        device.Return(stream);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        if (device.Lost is null)
            technique.Dispose();
        if (processor.IsValueCreated)
            processor.Value.Dispose();
    }

    private bool Run(GpuStream stream, GpuBox box, ReadOnlySpan<float> input, Span<float> output)
    {
        stream.Output.Fit(output.Length * (long)sizeof(float));
        technique.Fit(stream, box);
        stream.WriteInput(input);
        technique.Enqueue(stream, box);
        return stream.ReadAndWait(stream.Output, output, SilenceMost);
    }

    /// <summary>What was begun must end before the memory that it uses is anybody else's.</summary>
    private void Drain(GpuStream stream)
    {
        try
        {
            stream.Finish();
            stream.Free();
        }
        catch (GpuException error)
        {
            throw device.Lose(error.Message);
        }

        device.Return(stream);
    }
}
