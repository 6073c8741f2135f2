using System.Reflection;
using Upweave.Kernels.Tests.Support;
using Upweave.Tiling;

namespace Upweave.Kernels.Tests;

/// <summary>What plans count: a call's workspace is at most 1 MiB whatever the layer and the box, and packed weights are what is said.</summary>
public sealed class MemoryTests
{
    private const long WorkspaceBytesMost = 1 << 20;

    /// <summary>A plan's tiles have no bounds of their own.</summary>
    private const long BoxExtent = 1 << 24;

    public static TheoryData<string> Techniques => new(KernelSelector.Techniques);

    [Theory]
    [MemberData(nameof(Techniques))]
    public void WorkspaceLength_AnyLayerAndBox_IsAtMostOneMebibyte(string technique)
    {
        int supported = 0;
        foreach (ConvTransposeLayer layer in LayersFor(technique))
        {
            if (!KernelSelector.Supports(technique, layer))
                continue;
            supported++;
            foreach (Dims box in new[] { layer.Geometry.Output, Dims.Repeat(1, layer.Geometry.Rank), Dims.Repeat(BoxExtent, layer.Geometry.Rank) })
            {
                long bytes = sizeof(float) * KernelSelector.WorkspaceLength(technique, layer, box);
                Assert.True(bytes >= 0 && bytes <= WorkspaceBytesMost + RepairBytes(layer), $"{technique} asks for {bytes} bytes for {box} of {layer}");
            }
        }

        Assert.True(supported > 50, $"only {supported} layers");
    }

    [Theory]
    [MemberData(nameof(Techniques))]
    public void PackedBytes_AnyLayer_AreWhatTheKernelHolds(string technique)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            LayerCase test = technique == AlgorithmNames.Minimal ? LayerGenerator.CreateMinimal(seed) : LayerGenerator.Create(seed);
            if (!KernelSelector.Supports(technique, test.Layer))
                continue;
            using IConvTransposeKernel kernel = KernelSelector.Create(technique, test.Layer, test.Weights, test.Bias);
            long said = KernelSelector.PackedBytes(technique, test.Layer);
            Assert.InRange(Held(kernel), sizeof(float) * test.Weights.Length, said);
        }
    }

    private static IEnumerable<ConvTransposeLayer> LayersFor(string technique)
    {
        if (technique != AlgorithmNames.Minimal)
            return Enumerable.Range(0, 400).Select(seed => LayerGenerator.Create(seed).Layer).Concat(Extremes());
        return Enumerable.Range(0, 400).Select(seed => LayerGenerator.CreateMinimal(seed).Layer)
            .Concat(Extremes().Select(layer => AlgorithmNames.Apply(technique, layer)).OfType<ConvTransposeLayer>());
    }

    /// <summary>A row of a cell's outputs, which the minimal algorithm may have to compute again, comes on top.</summary>
    private static long RepairBytes(ConvTransposeLayer layer) => layer.Algorithm == ConvTransposeAlgorithm.Minimal
        ? (sizeof(float) * 2 * layer.OutputChannels * layer.Geometry.Strides[^1]) + 1024
        : 0;

    /// <summary>Native memory and arrays of floats in a kernel's fields, each once.</summary>
    private static long Held(IConvTransposeKernel kernel)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        long bytes = 0;
        for (Type? type = kernel.GetType(); type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (field.GetValue(kernel) is object value && seen.Add(value))
                    bytes += value is AlignedBuffer buffer ? buffer.Memory.Length : value is float[] floats ? sizeof(float) * floats.Length : 0;
            }
        }

        return bytes;
    }

    /// <summary>Large kernels, large strides, many channels: with one input channel per group and with several.</summary>
    private static IEnumerable<ConvTransposeLayer> Extremes()
    {
        long[] kernels = [1, 2, 3, 7, 16, 31, 64, 100, 513, 4096, 100_000];
        long[] strides = [1, 2, 5, 16, 32, 100, 1024, 4096, 5000];
        foreach ((int inputs, int outputs, int groups) in new[] { (1, 1, 1), (3, 3, 3), (2, 1, 1), (64, 3, 1), (64, 64, 1), (1024, 2048, 1), (4096, 1, 1) })
        {
            for (int rank = 1; rank <= 3; rank++)
            {
                foreach (long kernel in kernels)
                {
                    foreach (long stride in strides)
                    {
                        ConvTransposeLayer layer = Layer(inputs, outputs, groups, rank, kernel, stride);
                        if (Math.Pow(kernel, rank) * inputs / groups * outputs < int.MaxValue)
                            yield return layer;
                    }
                }
            }
        }
    }

    private static ConvTransposeLayer Layer(int inputs, int outputs, int groups, int rank, long kernel, long stride) => new()
    {
        InputChannels = inputs,
        OutputChannels = outputs,
        Groups = groups,
        Geometry = new ConvTransposeGeometry
        {
            Input = Dims.Repeat(50, rank),
            Kernel = Dims.Repeat(kernel, rank),
            Strides = Dims.Repeat(stride, rank),
            PadsBegin = Dims.Repeat(0, rank),
            PadsEnd = Dims.Repeat(0, rank),
            OutputPadding = Dims.Repeat(0, rank),
            Dilations = Dims.Repeat(1, rank),
        },
    };
}
