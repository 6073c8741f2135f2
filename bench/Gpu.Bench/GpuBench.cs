using System.Diagnostics;
using Upweave.Bench.Shapes;
using Upweave.Kernels;
using Upweave.Kernels.Gpu;
using Upweave.Kernels.Gpu.Techniques;
using Upweave.Tiling;

namespace Upweave.Bench.Gpu;

/// <summary>Measures rows on a device, checks every output against the processor's, and asks the peer for the same rows.</summary>
internal sealed class GpuBench(GpuDevice device, TorchPeer? peer, GpuOptions options)
{
    /// <summary>bf16 rounds by 2^-9 of a factor, at random; a wrong tap is a hundred times as far.</summary>
    private const double FastDistanceMost = 0.01;

    public List<GpuResult> Results { get; } = [];

    /// <returns>Whether all outputs were right.</returns>
    public bool Run(IEnumerable<ShapeRow> rows)
    {
        GpuStream stream = device.Rent(CancellationToken.None);
        DeviceRoofs roofs = DeviceRoofs.Measure(device, stream);
        Console.WriteLine($"{roofs.Flops / 1e12:F1} TFLOP/s multiply-adds, {roofs.CopyBytes / 1e9:F0} GB/s copy (read + written), {roofs.CallSeconds * 1e6:F1} us a call");
        Console.WriteLine($"{"row",-30} {"technique",-28} {"ms",9} {"torch ms",9} {"ratio",6} {"TFLOP/s",8} {"roof",6}  bits");
        foreach (ShapeRow row in rows)
        {
            GpuResult result = Measure(stream, roofs, row);
            Results.Add(result);
            Console.WriteLine(
                $"{result.Name,-30} {result.Technique,-28} {result.Ms,9:F4} {result.TorchMs,9:F4} {result.Ratio,6:F2} {result.Tflops,8:F2} "
                + $"{result.RoofShare,6:P0}{(result.IsComputeBound ? "c" : "m")} {(result.IsSame ? "same" : $"{result.Distance:E1}")}");
        }

        device.Return(stream);
        double[] ratios = [.. Results.Where(result => result.Ratio is not null).Select(result => result.Ratio!.Value)];
        if (ratios.Length > 0)
            Console.WriteLine($"geometric mean {Math.Exp(ratios.Average(Math.Log)):F2}, {ratios.Count(ratio => ratio < 1)} of {ratios.Length} below 1.0");
        return Results.TrueForAll(result => result.IsSame || (options.Precision is not null && result.Distance < FastDistanceMost));
    }

    private GpuResult Measure(GpuStream stream, DeviceRoofs roofs, ShapeRow row)
    {
        ConvTransposeLayer layer = AlgorithmNames.Apply(options.Algorithm, row.Layer) ?? row.Layer;
        Random random = new(1);
        float[] weights = Numbers(random, layer.WeightShape.Volume, 0.1f);
        Box outputBox = Box.Whole(layer.Geometry.Output);
        Box inputBox = layer.Geometry.ReadRegion(outputBox);
        float[] input = Numbers(random, row.Batch * layer.InputChannels * inputBox.Volume, 1f);
        ClearBorder(input, inputBox, layer.Geometry.Input);
        float[] output = new float[row.Batch * layer.OutputChannels * outputBox.Volume];
        GpuBox box = new(layer, inputBox, outputBox, row.Batch);
        using IGpuTechnique technique = GpuKernelSelector.Choose(device, layer, weights, [], options.Precision, Console.Error.WriteLine);
        stream.Output.Fit(output.Length * (long)sizeof(float));
        technique.Fit(stream, box);
        stream.WriteInput(input);
        stream.Finish();
        double seconds = DeviceTimer.Measure(stream, () => technique.Enqueue(stream, box));
        stream.Read(stream.Output, output);
        float[] exact = OnProcessor(layer, weights, input, inputBox, outputBox, row.Batch);
        bool isSame = output.AsSpan().SequenceEqual(exact);
        if (options.Cuts)
            MeasureCuts(stream, Cuts(technique, layer, weights), box, row.Name);
        double compute = row.FlopsNeeded / roofs.Flops, memory = row.Bytes / roofs.CopyBytes;
        return new GpuResult(
            row.Name, technique.Describe(box), seconds * 1e3, peer?.Measure(row, options.PrecisionName), row.Flops / seconds / 1e12, compute > 2 * memory,
            Math.Max(compute, memory) / seconds, isSame, Distance(output, exact));
    }

    private static void MeasureCuts(GpuStream stream, IEnumerable<Func<IGpuTechnique>> cuts, GpuBox box, string name)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (Func<IGpuTechnique> make in cuts)
        {
            using IGpuTechnique technique = make();
            technique.Fit(stream, box);
            double seconds = DeviceTimer.Measure(stream, () => technique.Enqueue(stream, box));
            Console.WriteLine($"    {name,-30} {technique.Describe(box),-28} {seconds * 1e3,9:F4}");
        }

        Console.WriteLine($"    ({Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s)");
    }

    /// <summary>All cuts of the technique that was chosen.</summary>
    private IEnumerable<Func<IGpuTechnique>> Cuts(IGpuTechnique chosen, ConvTransposeLayer layer, float[] weights) => chosen switch
    {
        GpuTensorTechnique =>
            from shape in TensorShape.All
            from parts in Enumerable.Range(1, 4)
            where parts != 3
            select (Func<IGpuTechnique>)(() => new GpuTensorTechnique(device, layer, weights, [], options.Precision!.Value, (shape, parts))),
        GpuMinimalTechnique =>
            from shape in PanelsShape.All
            select (Func<IGpuTechnique>)(() => new GpuMinimalTechnique(device, layer, weights, [], shape)),
        GpuStencilTechnique =>
            from shape in StencilShape.All(layer)
            select (Func<IGpuTechnique>)(() => new GpuStencilTechnique(device, layer, weights, [], shape)),
        GpuPanelsTechnique =>
            from shape in PanelsShape.All
            from split in Enumerable.Range(0, 2)
            select (Func<IGpuTechnique>)(() => new GpuPanelsTechnique(device, layer, weights, [], new PanelsChoice(shape, split == 1))),
        _ => [],
    };

    private static float[] OnProcessor(ConvTransposeLayer layer, float[] weights, float[] input, Box inputBox, Box outputBox, int batch)
    {
        using IConvTransposeKernel kernel = KernelSelector.Create(layer, weights, []);
        float[] output = new float[batch * layer.OutputChannels * outputBox.Volume];
        using AlignedBuffer workspace = new(KernelSelector.WorkspaceLength(layer, outputBox.Shape) * sizeof(float));
        kernel.Compute(input, inputBox, output, outputBox, batch, workspace.Floats, CancellationToken.None);
        return output;
    }

    /// <summary>Of two results: the root of the mean square of their difference, relative to that of the second.</summary>
    private static double Distance(float[] left, float[] right)
    {
        double difference = 0, size = 0;
        for (int index = 0; index < left.Length; index++)
        {
            difference += Math.Pow((double)left[index] - right[index], 2);
            size += Math.Pow(right[index], 2);
        }

        return Math.Sqrt(difference / size);
    }

    /// <summary>Positions outside the array are there, and hold zeros.</summary>
    private static void ClearBorder(float[] input, Box box, Dims extents)
    {
        for (int index = 0; index < input.Length; index++)
        {
            long rest = index;
            for (int axis = box.Rank - 1; axis >= 0; axis--)
            {
                (rest, long at) = Math.DivRem(rest, box.Shape[axis]);
                at += box.Origin[axis];
                if (at < 0 || at >= extents[axis])
                    input[index] = 0f;
            }
        }
    }

    private static float[] Numbers(Random random, long count, float scale)
    {
        float[] numbers = new float[count];
        for (int index = 0; index < numbers.Length; index++)
            numbers[index] = ((random.NextSingle() * 2) - 1) * scale;
        return numbers;
    }
}
