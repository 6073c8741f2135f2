namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>One work item per output, weights as they are: for layers with a single channel per group, which memory bounds.</summary>
internal sealed class GpuOutputsTechnique : IGpuTechnique
{
    private const nuint Width = 64;
    private const nuint Rows = 4;

    private readonly DeviceProgram program;
    private readonly DeviceFloats weights;
    private readonly DeviceFloats parameters;
    private readonly int channels;

    public GpuOutputsTechnique(GpuDevice device, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        program = device.Program(LayerSource.Create(layer, [], "arithmetic.cl", "layer.cl", "outputs.cl"));
        this.weights = new DeviceFloats(device, weights);
        parameters = LayerParameters.Create(device, layer, bias);
        channels = layer.OutputChannels;
    }

    public string Name => "outputs";

    public void Enqueue(GpuStream stream, GpuBox box)
    {
        nuint planes = checked((nuint)box.Batch * (nuint)channels * (nuint)box.OutputZ);
        stream.Launch(
            program, "outputs", [Whole((nuint)box.OutputX, Width), Whole((nuint)box.OutputY, Rows), planes], [Width, Rows, 1],
            stream.Input.Handle, weights.Handle, parameters.Handle, stream.Output.Handle, box);
    }

    public void Fit(GpuStream stream, GpuBox box)
    {
        // Inputs become outputs without anything between.
    }

    public void Dispose()
    {
        weights.Dispose();
        parameters.Dispose();
    }

    private static nuint Whole(nuint extent, nuint group) => (extent + group - 1) / group * group;
}
