using System.Runtime.InteropServices;

namespace Upweave.Kernels.Gpu;

/// <summary>
/// The test before a device takes exact work: fused multiply-add, addition, multiplication and division on many numbers, subnormal ones,
/// infinities and ties among them, must have the processor's bits.
/// </summary>
internal static class ArithmeticProof
{
    private const int Triples = 1 << 14;
    private const int Operations = 5;

    /// <summary>Ample: it takes milliseconds.</summary>
    private static readonly TimeSpan SilenceMost = TimeSpan.FromSeconds(30);

    /// <exception cref="GpuException">The device rounds otherwise.</exception>
    public static void Check(GpuDevice device)
    {
        float[] numbers = Numbers();
        float[] results = new float[Triples * Operations];
        Run(device, numbers, results);
        for (int index = 0; index < results.Length; index++)
        {
            float expected = Expected(numbers.AsSpan(index / Operations * 3, 3), index % Operations);
            bool same = float.IsNaN(expected)
                ? float.IsNaN(results[index])
                : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(results[index]);
            if (!same)
            {
                throw new GpuException(
                    $"The device {device.Info.Name} does not compute as IEEE 754 says: {Describe(numbers, index)} is {expected:R}, "
                    + $"and it has {results[index]:R}. hint: use the processor (--device cpu)");
            }
        }
    }

    /// <summary>
    /// Goes the way that tiles go, by pinned memory and without blocking, so that a driver in which that does not work is found out here.
    /// </summary>
    private static void Run(GpuDevice device, float[] numbers, float[] results)
    {
        DeviceProgram program = device.Program(LayerSource.Read("selftest.cl"));
        PinnedBuffer input = device.Pin(numbers.Length * sizeof(float));
        PinnedBuffer output = device.Pin(results.Length * sizeof(float));
        GpuStream stream = device.Rent(CancellationToken.None);
        stream.Input.Fit(numbers.Length * sizeof(float));
        stream.Output.Fit(results.Length * sizeof(float));
        Span<float> from = MemoryMarshal.Cast<byte, float>(input.GetSpan()), to = MemoryMarshal.Cast<byte, float>(output.GetSpan());
        numbers.CopyTo(from);
        stream.Write(stream.Input, from);
        stream.Launch(program, "operations", [Triples], [64], stream.Input.Handle, stream.Output.Handle);
        if (!stream.ReadAndWait(stream.Output, to, SilenceMost))
            throw device.Lose($"it has not answered a first question for {SilenceMost.TotalSeconds} seconds.");
        to.CopyTo(results);
        device.Return(stream);
        input.Dispose();
        output.Dispose();
    }

    private static float Expected(ReadOnlySpan<float> of, int operation) => operation switch
    {
        0 => MathF.FusedMultiplyAdd(of[0], of[1], of[2]),
        1 => (of[0] * of[1]) + of[2],
        2 => of[0] - of[1],
        3 => of[0] * of[1],
        _ => of[0] / of[1],
    };

    private static string Describe(float[] numbers, int index)
    {
        int at = index / Operations * 3;
        string[] names = ["fma(a, b, c)", "a * b + c", "a - b", "a * b", "a / b"];
        return $"{names[index % Operations]} of {numbers[at]:R}, {numbers[at + 1]:R}, {numbers[at + 2]:R}";
    }

    /// <summary>Any bits at all; ordinary numbers close together, so that sums cancel and ties occur; and results near zero.</summary>
    private static float[] Numbers()
    {
        Random random = new(20);
        float[] numbers = new float[Triples * 3];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = (index / 3 % 3) switch
            {
                0 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
                1 => random.Next(-4096, 4096) / 1024f,
                _ => (index % 3 == 2 ? 1e-38f : 1e-19f) * ((random.NextSingle() * 2) - 1),
            };
        }

        return numbers;
    }
}
