using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The definition as a technique: for checking the others and for suspicious results, far too slow for work.
/// </summary>
internal sealed class DefinitionTechnique : ITechnique
{
    public string Name => "definition";

    public bool Supports(ConvTransposeLayer layer) => true;

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        new Kernel(Name, layer, weights.ToArray(), bias.ToArray());

    public long PackedBytes(ConvTransposeLayer layer) => sizeof(float) * checked(layer.WeightShape.Volume + layer.OutputChannels);

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) => 0;

    private sealed class Kernel(string technique, ConvTransposeLayer layer, float[] weights, float[] bias) : IConvTransposeKernel
    {
        public string Technique => technique;

        public void Compute(
            ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
            CancellationToken cancellationToken)
        {
            KernelArguments.CheckCall(layer, input.Length, inputBox, output.Length, outputBox, batch, workspace.Length, 0);
            int inputItem = input.Length / batch;
            int outputItem = output.Length / batch;
            for (int item = 0; item < batch; item++)
            {
                ConvTransposeDefinition.Compute(
                    layer, weights, bias, input.Slice(item * inputItem, inputItem), inputBox,
                    output.Slice(item * outputItem, outputItem), outputBox, cancellationToken);
            }
        }

        public void Dispose()
        {
            // The weights are ordinary arrays; there is nothing to give back.
        }
    }
}
