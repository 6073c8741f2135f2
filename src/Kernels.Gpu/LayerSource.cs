using System.Globalization;
using System.Text;
using Upweave.Tiling;

namespace Upweave.Kernels.Gpu;

/// <summary>A program's text: the layer's numbers as macros, then the files of Programs/, so that compilers know every constant.</summary>
internal static class LayerSource
{
    /// <summary>The text of some files behind a layer's macros.</summary>
    /// <param name="more">Macros of the technique.</param>
    public static string Create(ConvTransposeLayer layer, IEnumerable<(string Name, long Value)> more, params string[] files)
    {
        ConvTransposeGeometry geometry = ThreeAxes.Lift(layer.Geometry);
        StringBuilder text = new();
        Define(text, "INPUT_SLACK", GpuStream.InputSlack);
        Define(text, "CHANNELS_IN", layer.InputChannels);
        Define(text, "CHANNELS_OUT", layer.OutputChannels);
        Define(text, "CHANNELS_PER_GROUP", layer.InputChannelsPerGroup);
        Define(text, "FILTERS_PER_GROUP", layer.OutputChannelsPerGroup);
        Define(text, "CHANNELS_PER_BLOCK", DirectArithmetic.ChannelsPerBlock(layer));
        Define(text, "TAPS_PER_BLOCK", DirectArithmetic.TapsPerBlock(layer));
        foreach ((int axis, string name) in (ReadOnlySpan<(int, string)>)[(0, "Z"), (1, "Y"), (2, "X")])
            DefineAxis(text, geometry, axis, name);
        DefineActivation(text, layer.Activation);
        foreach ((string name, long value) in more)
            Define(text, name, value);
        foreach (string file in files)
            text.Append(Read(file));
        return text.ToString();
    }

    /// <summary>A file of Programs/.</summary>
    public static string Read(string file)
    {
        using Stream stream = typeof(LayerSource).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"There is no program {file}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Taps of phase r are those k with k*D = r (mod S). Without a common factor of S and D there is one in every S; the first is
    /// r / D modulo S. With a factor f some phases have none, and others one in every S/f.
    /// </summary>
    private static void DefineAxis(StringBuilder text, ConvTransposeGeometry geometry, int axis, string name)
    {
        long stride = geometry.Strides[axis];
        long dilation = geometry.Dilations[axis];
        long factor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(stride, dilation);
        long step = stride / factor;
        Define(text, $"KERNEL_{name}", geometry.Kernel[axis]);
        Define(text, $"STRIDE_{name}", stride);
        Define(text, $"DILATION_{name}", dilation);
        Define(text, $"STEP_{name}", step);
        if (dilation % stride == 1 || stride == 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"#define FIRST_TAP_{name}(r) (r)\n");
            return;
        }

        long[] first = new long[stride];
        Array.Fill(first, geometry.Kernel[axis]); // a phase without taps
        for (long k = Math.Min(step, geometry.Kernel[axis]) - 1; k >= 0; k--)
            first[IntegerMath.FloorMod(k * dilation, stride)] = k;
        text.Append(CultureInfo.InvariantCulture, $"__constant int firstTap{name}[{stride}] = {{ {string.Join(", ", first)} }};\n");
        text.Append(CultureInfo.InvariantCulture, $"#define FIRST_TAP_{name}(r) firstTap{name}[r]\n");
    }

    private static void DefineActivation(StringBuilder text, Activation activation)
    {
        int kind = activation.Kind switch
        {
            ActivationKind.Relu => 1,
            ActivationKind.LeakyRelu or ActivationKind.PRelu => 2,
            ActivationKind.Clip => 3,
            ActivationKind.Sigmoid => 4,
            ActivationKind.Tanh => 5,
            _ => 0,
        };
        Define(text, "ACTIVATION", kind);
        DefineBits(text, "CLIP_LEAST", activation.Minimum);
        DefineBits(text, "CLIP_MOST", activation.Maximum);
    }

    private static void Define(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"#define {name} {value}\n");

    /// <summary>By its bits: no text is rounded, and infinities need no name.</summary>
    private static void DefineBits(StringBuilder text, string name, float value) =>
        text.Append(CultureInfo.InvariantCulture, $"#define {name} as_float(0x{BitConverter.SingleToUInt32Bits(value):X8})\n");
}
