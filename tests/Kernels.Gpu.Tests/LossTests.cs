using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Gpu.Tests;

/// <summary>A device that is lost: it computes nothing more, and nothing is freed that it may still write to.</summary>
public sealed class LossTests
{
    [Fact]
    public void Lose_ADeviceInUse_RefusesEveryCallAndLeavesItsMemory()
    {
        GpuDevice device = GpuDevice.Open(GpuDevices.List()[0]); // of its own: others go on with theirs
        LayerCase layer = LayerGenerator.Create(5);
        using IConvTransposeKernel kernel = GpuKernelSelector.Create(
            device, layer.Layer, layer.Weights, layer.Bias, precision: null, Assert.Fail);
        layer.Compute(kernel, layer.WholeOutput, workspaceLength: 0);
        PinnedBuffer memory = device.Pin(1000);

        device.Rent(TestContext.Current.CancellationToken);
        GpuLostException lost = device.Lose("it hangs.");
        Assert.Equal($"The device {device.Info.Name} is lost: it hangs.", lost.Message);
        Assert.Equal(lost.Message, device.Lost);
        for (int call = 0; call < 2 * GpuDevice.StreamsMost; call++)
        {
            Assert.Equal(lost.Message, Assert.Throws<GpuLostException>(() => layer.Compute(kernel, layer.WholeOutput, 0)).Message);
        }

        memory.Dispose();
        device.Dispose();
        memory.GetSpan().Fill(1); // throws where it was freed
    }
}
