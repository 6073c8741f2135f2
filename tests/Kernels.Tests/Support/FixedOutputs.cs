using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Upweave.Kernels.Tests.Support;

/// <summary>
/// Outputs of fixed shapes, whose hash is known. It belongs to the arithmetic's version, is the same on every machine, and changes
/// only with that number. The hash needs no library of the system, which an emulated process lacks.
/// </summary>
internal static class FixedOutputs
{
    public const int ArithmeticVersion = 3;

    public const string Hash = "F24AE9E5E8E171F2220F78B0457D25AE";

    private const int FirstSeed = 5000;
    private const int Shapes = 40;
    private const int MinimalShapes = 20;

    /// <summary>Layers of the direct algorithm, then of the minimal one.</summary>
    public static IEnumerable<LayerCase> Layers() => Enumerable.Range(FirstSeed, Shapes).Select(LayerGenerator.Create)
        .Concat(Enumerable.Range(FirstSeed, MinimalShapes).Select(LayerGenerator.CreateMinimal));

    /// <summary>The hash of what the selected techniques compute here.</summary>
    public static string Compute()
    {
        XxHash128 hash = new();
        foreach (LayerCase layer in Layers())
        {
            using IConvTransposeKernel kernel = KernelSelector.Create(layer.Layer, layer.Weights, layer.Bias);
            hash.Append(MemoryMarshal.AsBytes<float>(layer.Compute(kernel, layer.WholeOutput)));
        }

        return Convert.ToHexString(hash.GetCurrentHash());
    }
}
