using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Worker.Devices;

namespace Upweave.Worker.Jobs;

/// <summary>A job's kernel, and what computes it: the worker's device, or the processor where that cannot take the layer.</summary>
/// <param name="Device">As telemetry names it.</param>
internal readonly record struct JobKernel(IConvTransposeKernel Kernel, string Device, bool IsOnProcessor)
{
    /// <param name="warn">Told when the processor has to help the device out.</param>
    public static JobKernel Create(
        IComputeDevice device, ConvTransposeLayer layer, float[] weights, float[] bias, Precision precision, Action<string> warn) =>
        device.CreateKernel(layer, weights, bias, precision, warn) is { } kernel
            ? new JobKernel(kernel, device.Name, device.IsProcessor)
            : new JobKernel(KernelSelector.Create(layer, weights, bias), ProcessorDevice.ProcessorName, IsOnProcessor: true);
}
