using Upweave.Kernels.Gpu.Techniques;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu;

/// <summary>
/// The test before matrix units take work: a small layer must come out as near to the truth as their rounding allows, in every cut. It
/// runs apart from other work on the device, which goes on should it fail.
/// </summary>
internal static class FastProof
{
    private const int ChannelsIn = 40;
    private const int ChannelsOut = 24;

    /// <returns>Null where all is well, else what is not.</returns>
    public static string? Run(GpuDevice device, FastPrecision precision)
    {
        ConvTransposeLayer layer = Layer();
        Random random = new(21);
        float[] weights = Numbers(random, layer.WeightShape.Volume);
        Box outputBox = Box.Whole(layer.Geometry.Output);
        Box inputBox = layer.Geometry.ReadRegion(outputBox);
        float[] input = Numbers(random, ChannelsIn * inputBox.Volume);
        float[] exact = Define(layer, weights, input, inputBox, outputBox);
        float[] sizes = Define(layer, [.. weights.Select(Math.Abs)], [.. input.Select(Math.Abs)], inputBox, outputBox);
        try
        {
            foreach (TensorShape shape in TensorShape.All)
            {
                float[] output = Compute(device, layer, weights, input, new GpuBox(layer, inputBox, outputBox, 1), precision, shape);
                for (int index = 0; index < output.Length; index++)
                {
                    double error = Math.Abs((double)output[index] - exact[index]);
                    if (!(error <= sizes[index] * Tolerance(precision)))
                        return $"its matrix units give {output[index]:R} for {exact[index]:R} in {precision}";
                }
            }

            return null;
        }
        catch (GpuException error)
        {
            return error.Message;
        }
    }

    /// <summary>
    /// Of the sum of magnitudes of products: both factors are rounded by half a unit of their last place, and a unit of float32's for
    /// the sum is ample.
    /// </summary>
    private static double Tolerance(FastPrecision precision) => (precision == FastPrecision.BFloat16 ? 2.0 / 256 : 2.0 / 2048) + 1e-4;

    private static ConvTransposeLayer Layer() => new()
    {
        InputChannels = ChannelsIn,
        OutputChannels = ChannelsOut,
        Groups = 1,
        Geometry = new ConvTransposeGeometry
        {
            Input = [9, 13], Kernel = [3, 3], Strides = [2, 2], Dilations = [1, 1],
            PadsBegin = [1, 1], PadsEnd = [1, 1], OutputPadding = [1, 1],
        },
    };

    private static float[] Compute(
        GpuDevice device, ConvTransposeLayer layer, float[] weights, float[] input, GpuBox box, FastPrecision precision, TensorShape shape)
    {
        using GpuTensorTechnique technique = new(device, layer, weights, [], precision, (shape, 2));
        float[] output = new float[ChannelsOut * box.OutputY * box.OutputX];
        GpuStream stream = device.Rent(CancellationToken.None);
        stream.Output.Fit(output.Length * sizeof(float));
        technique.Fit(stream, box);
        stream.WriteInput(input);
        stream.Finish(); // the array may move after this
        technique.Enqueue(stream, box);
        stream.Read(stream.Output, output);
        device.Return(stream);
        return output;
    }

    private static float[] Define(ConvTransposeLayer layer, float[] weights, float[] input, Box inputBox, Box outputBox)
    {
        float[] output = new float[ChannelsOut * outputBox.Volume];
        ConvTransposeDefinition.Compute(layer, weights, [], input, inputBox, output, outputBox, CancellationToken.None);
        return output;
    }

    private static float[] Numbers(Random random, long count)
    {
        float[] numbers = new float[count];
        for (int index = 0; index < numbers.Length; index++)
            numbers[index] = (random.NextSingle() * 2) - 1;
        return numbers;
    }
}
