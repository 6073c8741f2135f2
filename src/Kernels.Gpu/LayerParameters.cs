namespace Upweave.Kernels.Gpu;

/// <summary>What follows a layer's sums, per output channel, as <c>finish</c> in Programs/arithmetic.cl takes it.</summary>
internal static class LayerParameters
{
    /// <summary>[2, Cout]: the bias, and the slope for negative numbers.</summary>
    public static DeviceFloats Create(GpuDevice device, ConvTransposeLayer layer, ReadOnlySpan<float> bias)
    {
        int channels = layer.OutputChannels;
        float[] values = new float[2 * channels];
        bias.CopyTo(values);
        for (int channel = 0; channel < channels; channel++)
        {
            values[channels + channel] =
                layer.Activation.Kind == ActivationKind.PRelu ? layer.Activation.Slope(channel) : layer.Activation.Alpha;
        }

        return new DeviceFloats(device, values);
    }
}
