using Upweave.Kernels.Gpu.Techniques;
using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Gpu.Tests;

/// <summary>What a device cannot do, the processor does: to the same bits, and not in silence.</summary>
public sealed class HelpTests(PoclDevice pocl)
{
    [Fact]
    public void Compute_NoRoomOnTheDevice_TheProcessorComputesItAndSaysSo() =>
        CheckHelp(new RefusingTechnique(() => throw new GpuMemoryException("Full.")), "has no room for a tile");

    [Fact]
    public void Compute_ProgramDoesNotCompile_TheProcessorComputesItAndSaysSo() =>
        CheckHelp(new RefusingTechnique(() => pocl.Device.Program("kernel void broken() { no }")), "does not take a program");

    /// <summary>A buffer beyond any address space: OpenCL names that in several ways.</summary>
    [Fact]
    public void Fit_MoreThanTheDeviceHas_IsAMatterOfMemory()
    {
        GpuStream stream = pocl.Device.Rent(TestContext.Current.CancellationToken);
        Assert.Throws<GpuMemoryException>(() => stream.Input.Fit(1L << 55));
        stream.Input.Fit(1000);
        pocl.Device.Return(stream);
    }

    private void CheckHelp(RefusingTechnique technique, string warning)
    {
        LayerCase layer = LayerGenerator.Create(5);
        List<string> warnings = [];
        using GpuKernel kernel = new(pocl.Device, layer.Layer, layer.Weights, layer.Bias, technique, warnings.Add);
        using IConvTransposeKernel processor = KernelSelector.Create(layer.Layer, layer.Weights, layer.Bias);
        float[] expected = layer.Compute(processor, layer.WholeOutput);
        for (int call = 0; call < 2 * GpuDevice.StreamsMost; call++)
        {
            BitAssert.Equal(expected, layer.Compute(kernel, layer.WholeOutput, workspaceLength: 0), "helped out");
        }

        Assert.Equal(2 * GpuDevice.StreamsMost, warnings.Count);
        Assert.All(warnings, text => Assert.Contains(warning, text, StringComparison.Ordinal));
        Assert.Null(pocl.Device.Lost);
    }

    /// <summary>Never gets as far as computing.</summary>
    private sealed class RefusingTechnique(Action refuse) : IGpuTechnique
    {
        public string Name => "refusing";

        public void Fit(GpuStream stream, GpuBox box)
        {
        }

        public void Enqueue(GpuStream stream, GpuBox box) => refuse();

        public void Dispose()
        {
        }
    }
}
