using System.Runtime.Intrinsics;
using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Layers with one input channel per group: depthwise, and single channels. They have so few operations per element that
/// memory decides, so every output line is written once, from registers.
/// </summary>
internal sealed class DepthwiseTechnique : ITechnique
{
    private const long WorkspaceFloatsMost = 256 * 1024;

    public string Name => "depthwise";

    public bool Supports(ConvTransposeLayer layer) =>
        layer.InputChannelsPerGroup == 1 && SpatialPhases.CanList(layer.Geometry)
        && DepthwiseTapsKernel.WorkspaceLength(layer) <= WorkspaceFloatsMost;

    public IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        VectorWidth.Bits switch
        {
            128 => Create<Vector128<float>, Lanes128>(layer, weights, bias),
            256 => Create<Vector256<float>, Lanes256>(layer, weights, bias),
            _ => Create<Vector512<float>, Lanes512>(layer, weights, bias),
        };

    public long PackedBytes(ConvTransposeLayer layer)
    {
        DepthwiseLayout? layout = Layout(new SpatialPhases(layer.Geometry));
        long perChannel = layout is null ? layer.Geometry.Kernel.Volume : layout.ChannelLength;
        return sizeof(float) * checked((perChannel + 1) * layer.OutputChannels);
    }

    public long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) =>
        Layout(new SpatialPhases(layer.Geometry))?.WorkspaceLength ?? DepthwiseTapsKernel.WorkspaceLength(layer);

    /// <summary>None where only the general way is left.</summary>
    private static DepthwiseLayout? Layout(SpatialPhases phases) =>
        DepthwiseLayout.Create(phases, VectorWidth.Bits / 32);

    private IConvTransposeKernel Create<TVector, TLanes>(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        SpatialPhases phases = new(layer.Geometry);
        if (Layout(phases) is not { } layout)
            return new DepthwiseTapsKernel<TVector, TLanes>(Name, layer, phases, weights, bias);
        float[] biases = bias.IsEmpty ? new float[layer.OutputChannels] : bias.ToArray();
        Activation activation = layer.Activation;
        return activation.Kind switch
        {
            ActivationKind.None => Rows<TVector, TLanes, Identity>(layer, layout, weights, biases, default(Identity)),
            ActivationKind.Relu => Rows<TVector, TLanes, Relu>(layer, layout, weights, biases, default(Relu)),
            ActivationKind.LeakyRelu => Rows<TVector, TLanes, LeakyRelu>(layer, layout, weights, biases, new LeakyRelu(activation.Alpha)),
            ActivationKind.PRelu => Rows<TVector, TLanes, LeakyRelu>(layer, layout, weights, biases, Slopes(layer)),
            ActivationKind.Clip => Rows<TVector, TLanes, Clip>(
                layer, layout, weights, biases, new Clip(activation.Minimum, activation.Maximum)),
            ActivationKind.Sigmoid => Rows<TVector, TLanes, Sigmoid>(layer, layout, weights, biases, default(Sigmoid)),
            ActivationKind.Tanh => Rows<TVector, TLanes, Tanh>(layer, layout, weights, biases, default(Tanh)),
            _ => throw ActivationFunctions.Unknown(activation.Kind),
        };
    }

    private static LeakyRelu[] Slopes(ConvTransposeLayer layer)
    {
        LeakyRelu[] functions = new LeakyRelu[layer.OutputChannels];
        for (int channel = 0; channel < functions.Length; channel++)
            functions[channel] = new LeakyRelu(layer.Activation.Slope(channel));
        return functions;
    }

    private DepthwiseRowsKernel<TVector, TLanes, TFunction> Rows<TVector, TLanes, TFunction>(
        ConvTransposeLayer layer, DepthwiseLayout layout, ReadOnlySpan<float> weights, float[] bias, params TFunction[] functions)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TFunction : struct, IActivationFunction =>
        new(Name, layer, layout, weights, bias, functions);
}
