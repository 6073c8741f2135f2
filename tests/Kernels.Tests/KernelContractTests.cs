using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

/// <summary>What a caller may rely on beside the bits: cancellation, checked boxes, sharing between threads, no allocations.</summary>
public sealed class KernelContractTests
{

    public static TheoryData<string> Techniques => new(KernelSelector.Techniques);

    public static TheoryData<string> FastTechniques => new(KernelSelector.Techniques.Where(technique => technique != "definition"));

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_Cancelled_Throws(string technique)
    {
        LayerCase layer = LayerGenerator.RowFor(technique, channels: 2, width: 8, stride: 2);
        using IConvTransposeKernel kernel = KernelSelector.Create(technique, layer.Layer, layer.Weights, layer.Bias);
        Box box = layer.WholeOutput;
        Box read = layer.Layer.Geometry.ReadRegion(box);
        float[] output = new float[2 * box.Volume];
        float[] workspace = new float[KernelSelector.WorkspaceLength(technique, layer.Layer, box.Shape)];
        Assert.Throws<OperationCanceledException>(() => kernel.Compute(
            layer.PaddedInput(read), read, output, box, 1, workspace, new CancellationToken(canceled: true)));
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_InputBoxTooSmall_IsRefused(string technique)
    {
        LayerCase layer = LayerGenerator.RowFor(technique, channels: 2, width: 8, stride: 2);
        using IConvTransposeKernel kernel = KernelSelector.Create(technique, layer.Layer, layer.Weights, layer.Bias);
        Box box = layer.WholeOutput;
        Box read = new([0], [7]);
        float[] workspace = new float[KernelSelector.WorkspaceLength(technique, layer.Layer, box.Shape)];
        ArgumentException error = Assert.Throws<ArgumentException>(() => kernel.Compute(
            new float[7 * layer.Layer.InputChannels], read, new float[2 * box.Volume], box, 1, workspace, TestContext.Current.CancellationToken));
        Assert.Contains(layer.Layer.Geometry.ReadRegion(box).ToString(), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public async Task Compute_SharedByThreads_EqualsDefinition(string technique)
    {
        LayerCase layer = LayerGenerator.RowFor(technique, channels: 20, width: 300, stride: 2);
        float[] expected = layer.Define(layer.WholeOutput);
        using IConvTransposeKernel kernel = KernelSelector.Create(technique, layer.Layer, layer.Weights, layer.Bias);
        float[][] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => layer.Compute(kernel, layer.WholeOutput), TestContext.Current.CancellationToken)));
        foreach (float[] result in results)
            BitAssert.Equal(expected, result, technique);
    }

    [Theory]
    [MemberData(nameof(FastTechniques))]
    public void Compute_LargeBox_AllocatesNothing(string technique)
    {
        LayerCase layer = LayerGenerator.RowFor(technique, channels: 20, width: 3000, stride: 2);
        using IConvTransposeKernel kernel = KernelSelector.Create(technique, layer.Layer, layer.Weights, layer.Bias);
        Box box = layer.WholeOutput;
        Box read = layer.Layer.Geometry.ReadRegion(box);
        float[] input = layer.PaddedInput(read);
        float[] output = new float[20 * box.Volume];
        float[] workspace = new float[KernelSelector.WorkspaceLength(technique, layer.Layer, box.Shape)];
        kernel.Compute(input, read, output, box, 1, workspace, TestContext.Current.CancellationToken);
        // A collection that other threads cause may count what is left of this thread's piece of the heap; what a kernel allocates, it
        // allocates every time.
        long least = long.MaxValue;
        for (int time = 0; time < 3; time++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            kernel.Compute(input, read, output, box, 1, workspace, TestContext.Current.CancellationToken);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
