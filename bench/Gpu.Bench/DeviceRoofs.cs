using Upweave.Kernels.Gpu;

namespace Upweave.Bench.Gpu;

/// <summary>What a device reaches at best, measured.</summary>
/// <param name="Flops">Multiply-adds, counted twice, per second.</param>
/// <param name="CopyBytes">Read and written per second.</param>
/// <param name="CallSeconds">A kernel that does next to nothing.</param>
internal readonly record struct DeviceRoofs(double Flops, double CopyBytes, double CallSeconds)
{
    public static DeviceRoofs Measure(GpuDevice device, GpuStream stream)
    {
        using StreamReader reader = new(typeof(DeviceRoofs).Assembly.GetManifestResourceStream("peak.cl")!);
        DeviceProgram program = device.Program(reader.ReadToEnd());
        bool isLarge = device.Info.IsGpu;
        nuint items = (nuint)(device.Info.ComputeUnits * (isLarge ? 16384 : 256));
        long bytes = isLarge ? 1L << 30 : 64 << 20;
        stream.Input.Fit(bytes);
        stream.Output.Fit(bytes);
        float[] zeros = new float[bytes / sizeof(float)];
        stream.Write(stream.Input, zeros);
        stream.Finish();
        double sums = DeviceTimer.Measure(
            stream, () => stream.Launch(program, "multiply_adds", [items], [256], stream.Output.Handle, BitConverter.SingleToInt32Bits(0.999f)));
        double copy = DeviceTimer.Measure(
            stream, () => stream.Launch(program, "copy", [(nuint)bytes / 16], [256], stream.Input.Handle, stream.Output.Handle));
        double call = DeviceTimer.Measure(
            stream, () => stream.Launch(program, "copy", [256], [256], stream.Input.Handle, stream.Output.Handle));
        return new DeviceRoofs(2.0 * 16 * 4096 * items / sums, 2.0 * bytes / copy, call);
    }
}
