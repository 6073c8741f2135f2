using Upweave.Kernels.Activations;
using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>
/// What every technique must equal bit for bit: docs/arithmetic.md in plain loops, one output element after the
/// other. Slow on purpose; nothing here is shared with the fast techniques except the scalar activations.
/// </summary>
public static class ConvTransposeDefinition
{
    /// <summary>Computes a box of the output of one batch item.</summary>
    /// <param name="weights">[Cin, Cout/groups, k...]</param>
    /// <param name="bias">One per output channel; empty: none.</param>
    /// <param name="input">[Cin, box...] for <paramref name="inputBox"/>, C order.</param>
    /// <param name="inputBox">
    /// The whole input, or any box of it that covers the read region. A tap outside this box is skipped
    /// (<see cref="Border.Zero"/>) or reads the box's nearest element (<see cref="Border.Replicate"/>).
    /// </param>
    /// <param name="output">[Cout, box...], C order.</param>
    /// <param name="outputBox">Spatial, in global output coordinates.</param>
    public static void Compute(
        ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias,
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, CancellationToken cancellationToken)
    {
        if (layer.Algorithm == ConvTransposeAlgorithm.Minimal)
        {
            MinimalDefinition.Compute(layer, weights, bias, input, inputBox, output, outputBox, cancellationToken);
            return;
        }

        Sum sum = new(layer, weights, input, inputBox);
        Box box = ThreeAxes.Lift(outputBox);
        int next = 0;
        for (int channel = 0; channel < layer.OutputChannels; channel++)
        {
            IActivationFunction activation = ActivationFunctions.Create(layer.Activation, channel);
            float channelBias = bias.IsEmpty ? 0f : bias[channel];
            for (long z = box.Origin[0]; z < box.End(0); z++)
            {
                for (long y = box.Origin[1]; y < box.End(1); y++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    for (long x = box.Origin[2]; x < box.End(2); x++)
                        output[next++] = Canonical.Of(activation.Apply(sum.At(channel, z, y, x) + channelBias));
                }
            }
        }
    }

    /// <summary>The sum of products behind one output element, by the direct algorithm.</summary>
    internal readonly ref struct Sum(
        ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> input, Box inputBox)
    {
        private readonly ReadOnlySpan<float> weights = weights;
        private readonly ReadOnlySpan<float> input = input;
        private readonly ConvTransposeGeometry geometry = ThreeAxes.Lift(layer.Geometry);
        private readonly Box inputBox = ThreeAxes.Lift(inputBox);
        private readonly int channelsPerBlock = DirectArithmetic.ChannelsPerBlock(layer);
        private readonly int tapsPerBlock = DirectArithmetic.TapsPerBlock(layer);
        private readonly long kernelVolume = layer.Geometry.Kernel.Volume;
        private readonly long inputVolume = inputBox.Volume;

        public float At(int outputChannel, long z, long y, long x)
        {
            int group = outputChannel / layer.OutputChannelsPerGroup;
            int first = group * layer.InputChannelsPerGroup;
            int end = first + layer.InputChannelsPerGroup;
            float total = 0f;
            for (int channel = first; channel < end; channel += channelsPerBlock)
            {
                int channelEnd = Math.Min(channel + channelsPerBlock, end);
                total += Subtotal(channel, channelEnd, outputChannel % layer.OutputChannelsPerGroup, z, y, x);
            }

            return total;
        }

        /// <summary>All taps over a few input channels, in blocks of a few taps.</summary>
        private float Subtotal(int channel, int channelEnd, int outputChannelInGroup, long z, long y, long x)
        {
            Dims kernel = geometry.Kernel;
            float subtotal = 0f;
            float sum = 0f;
            int tapsInBlock = 0;
            for (long kz = 0; kz < kernel[0]; kz++)
            {
                for (long ky = 0; InPhase(0, z, kz) && ky < kernel[1]; ky++)
                {
                    for (long kx = 0; InPhase(1, y, ky) && kx < kernel[2]; kx++)
                    {
                        if (!InPhase(2, x, kx))
                            continue;
                        if (InputPosition(0, z, kz) is long iz && InputPosition(1, y, ky) is long iy && InputPosition(2, x, kx) is long ix)
                        {
                            long tap = (((kz * kernel[1]) + ky) * kernel[2]) + kx;
                            long position = (((iz * inputBox.Shape[1]) + iy) * inputBox.Shape[2]) + ix;
                            sum = AddTap(sum, channel, channelEnd, outputChannelInGroup, tap, position);
                        }

                        if (++tapsInBlock == tapsPerBlock)
                        {
                            subtotal += sum;
                            sum = 0f;
                            tapsInBlock = 0;
                        }
                    }
                }
            }

            return subtotal + sum;
        }

        private float AddTap(float sum, int channel, int channelEnd, int outputChannelInGroup, long tap, long position)
        {
            for (; channel < channelEnd; channel++)
            {
                long filter = ((long)channel * layer.OutputChannelsPerGroup) + outputChannelInGroup;
                float weight = weights[(int)((filter * kernelVolume) + tap)];
                sum = MathF.FusedMultiplyAdd(input[(int)((channel * inputVolume) + position)], weight, sum);
            }

            return sum;
        }

        private bool InPhase(int axis, long output, long tap) =>
            IntegerMath.FloorMod(Distance(axis, output, tap), geometry.Strides[axis]) == 0;

        private long Distance(int axis, long output, long tap) =>
            output + geometry.PadsBegin[axis] - (tap * geometry.Dilations[axis]);

        /// <summary>Where a tap reads on an axis, counted from the box's origin; null outside a border of zeros.</summary>
        private long? InputPosition(int axis, long output, long tap)
        {
            long position = IntegerMath.FloorDiv(Distance(axis, output, tap), geometry.Strides[axis]) - inputBox.Origin[axis];
            bool inside = position >= 0 && position < inputBox.Shape[axis];
            if (inside)
                return position;
            return layer.Border == Border.Zero ? null : Math.Clamp(position, 0, inputBox.Shape[axis] - 1);
        }
    }
}
