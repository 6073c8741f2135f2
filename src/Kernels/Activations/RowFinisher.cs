using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Activations;

/// <summary>
/// From the totals of a row's phases to stored outputs in one pass: interleaving, bias, activation, canonical form. Made once per
/// kernel, for its activation and the vectors of this machine; a call decides nothing and allocates nothing.
/// </summary>
internal abstract unsafe class RowFinisher
{
    /// <param name="bias">One per output channel; empty: none.</param>
    public static RowFinisher Create(ConvTransposeLayer layer, ReadOnlySpan<float> bias)
    {
        float[] biases = bias.IsEmpty ? new float[layer.OutputChannels] : bias.ToArray();
        return VectorWidth.Bits switch
        {
            128 => Create<Vector128<float>, Lanes128>(layer.Activation, biases),
            256 => Create<Vector256<float>, Lanes256>(layer.Activation, biases),
            _ => Create<Vector512<float>, Lanes512>(layer.Activation, biases),
        };
    }

    /// <summary>
    /// Writes outputs of one channel. Exactly <paramref name="length"/> of them are written, and of row s only the
    /// first ceil((length - s) / phases) totals are read.
    /// </summary>
    /// <param name="totals">One row per phase, <paramref name="totalsStride"/> floats apart.</param>
    /// <param name="phases">Output j takes element j / phases of row j mod phases.</param>
    /// <param name="output">Apart from the totals; with a single phase it may also be the totals themselves.</param>
    public abstract void Write(int channel, float* totals, nint totalsStride, int phases, float* output, int length);

    /// <summary>The same for several channels, one after the other.</summary>
    /// <param name="totalsStep">From one channel's totals to the next.</param>
    /// <param name="outputStep">From one channel's outputs to the next.</param>
    public abstract void WriteChannels(
        int channel, int channels, float* totals, nint totalsStep, nint totalsStride, int phases, float* output, nint outputStep,
        int length);

    /// <summary>The same for a given width.</summary>
    /// <param name="biases">One per output channel.</param>
    internal static RowFinisher Create<TVector, TLanes>(Activation activation, float[] biases)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => activation.Kind switch
    {
        ActivationKind.None => new Finisher<TVector, TLanes, Identity>(default, biases),
        ActivationKind.Relu => new Finisher<TVector, TLanes, Relu>(default, biases),
        ActivationKind.LeakyRelu => new Finisher<TVector, TLanes, LeakyRelu>(new LeakyRelu(activation.Alpha), biases),
        ActivationKind.PRelu => new PReluFinisher<TVector, TLanes>(activation, biases),
        ActivationKind.Clip => new Finisher<TVector, TLanes, Clip>(new Clip(activation.Minimum, activation.Maximum), biases),
        ActivationKind.Sigmoid => new Finisher<TVector, TLanes, Sigmoid>(default, biases),
        ActivationKind.Tanh => new Finisher<TVector, TLanes, Tanh>(default, biases),
        _ => throw ActivationFunctions.Unknown(activation.Kind),
    };

    private sealed class Finisher<TVector, TLanes, TFunction>(TFunction function, float[] biases) : RowFinisher
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TFunction : struct, IActivationFunction
    {
        public override void Write(int channel, float* totals, nint totalsStride, int phases, float* output, int length) =>
            RowWriter<TVector, TLanes, TFunction>.Write(function, biases[channel], totals, totalsStride, phases, output, length);

        public override void WriteChannels(
            int channel, int channels, float* totals, nint totalsStep, nint totalsStride, int phases, float* output, nint outputStep,
            int length)
        {
            for (int end = channel + channels; channel < end; channel++, totals += totalsStep, output += outputStep)
                RowWriter<TVector, TLanes, TFunction>.Write(function, biases[channel], totals, totalsStride, phases, output, length);
        }
    }

    private sealed class PReluFinisher<TVector, TLanes>(Activation activation, float[] biases) : RowFinisher
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        private readonly LeakyRelu[] functions =
            Array.ConvertAll(Enumerable.Range(0, biases.Length).ToArray(), channel => new LeakyRelu(activation.Slope(channel)));

        public override void Write(int channel, float* totals, nint totalsStride, int phases, float* output, int length) =>
            RowWriter<TVector, TLanes, LeakyRelu>.Write(
                functions[channel], biases[channel], totals, totalsStride, phases, output, length);

        public override void WriteChannels(
            int channel, int channels, float* totals, nint totalsStep, nint totalsStride, int phases, float* output, nint outputStep,
            int length)
        {
            for (int end = channel + channels; channel < end; channel++, totals += totalsStep, output += outputStep)
                Write(channel, totals, totalsStride, phases, output, length);
        }
    }
}
