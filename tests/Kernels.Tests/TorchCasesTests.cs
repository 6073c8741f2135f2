using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Tests;

/// <summary>Answers made by PyTorch in float64, for every technique.</summary>
public sealed class TorchCasesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "data", "torch-cases");

    public static TheoryData<string> Techniques => new(KernelSelector.Techniques);

    [Theory]
    [MemberData(nameof(Techniques))]
    public void Compute_TorchCases_AgreesWithinTermSum(string technique)
    {
        IReadOnlyList<TorchCase> cases = TorchCase.Load(Folder);
        Assert.True(cases.Count >= 12);
        foreach (TorchCase torch in cases)
        {
            string algorithm = technique == AlgorithmNames.Minimal ? technique : AlgorithmNames.Direct;
            if (AlgorithmNames.Apply(algorithm, torch.Layer) is not ConvTransposeLayer kernelLayer
                || !KernelSelector.Supports(technique, kernelLayer))
            {
                continue;
            }

            string path = Path.Combine(Folder, torch.File);
            float[] input = Npz.Read(path, "x");
            float[] expected = Npz.Read(path, "y");
            float[] weights = Npz.Read(path, "w");
            float[] bias = Npz.Read(path, "b");
            for (int item = 0; item < torch.Batch; item++)
            {
                LayerCase layer = new(kernelLayer, weights, bias, input.Chunk(input.Length / torch.Batch).ElementAt(item));
                Check(torch, expected.Chunk(expected.Length / torch.Batch).ElementAt(item), layer.Compute(technique, layer.WholeOutput));
            }
        }
    }

    private static void Check(TorchCase torch, float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double tolerance = torch.IsExact ? 0 : 1e-5 * torch.TermSumMost;
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.True(
                Math.Abs(expected[index] - (double)actual[index]) <= tolerance,
                $"{torch.File}, element {index}: {actual[index]}, expected {expected[index]}");
        }
    }
}
