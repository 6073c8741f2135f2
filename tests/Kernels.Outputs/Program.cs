using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Upweave.Kernels;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Tests.Support;

// Computes the fixed outputs with every technique on the processor that it finds, emulated or not, and says what it found. The
// argument names the architecture that this process must have, so that no other can pass for it.
string expected = args.Single();
bool hasVectors = RuntimeInformation.ProcessArchitecture != Architecture.Arm64 || AdvSimd.Arm64.IsSupported;
Console.WriteLine(
    $"{RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}, "
    + $"AdvSimd {AdvSimd.Arm64.IsSupported}, vectors of {VectorWidth.Bits} bits");
if (RuntimeInformation.ProcessArchitecture.ToString() != expected || !hasVectors || !Vector128.IsHardwareAccelerated)
{
    Console.WriteLine($"This is not {expected} with vectors.");
    return 1;
}

foreach (string technique in KernelSelector.Techniques)
{
    int compared = 0;
    foreach (LayerCase layer in FixedOutputs.Layers().Where(layer => KernelSelector.Supports(technique, layer.Layer)))
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(layer.Compute(technique, layer.WholeOutput));
        if (!bits.SequenceEqual(MemoryMarshal.Cast<float, int>(layer.Define(layer.WholeOutput))))
        {
            Console.WriteLine($"{technique} differs from the definition: {layer.Layer}");
            return 1;
        }

        compared++;
    }

    Console.WriteLine($"{technique}: {compared} shapes as defined");
}

Console.WriteLine($"hash {FixedOutputs.Compute()}");
return 0;
