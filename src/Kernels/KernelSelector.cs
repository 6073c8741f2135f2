using Upweave.Kernels.Lanes;
using Upweave.Kernels.Techniques;
using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>The only place that decides which technique computes a layer.</summary>
public static class KernelSelector
{
    /// <summary>Name of the environment variable that forces a technique.</summary>
    public const string ForcingVariable = "UPWEAVE_KERNEL";

    /// <summary>Up to so many output channels per group, tiles of several phases or vectors beat tiles of channels.</summary>
    private const int ChannelsForRows = 12;

    /// <summary>A row of inputs so short leaves lanes along x empty.</summary>
    private const int NarrowInput = 27;

    /// <summary>The same where every output has one tap: a panel's columns are then the inputs of a plane as they lie.</summary>
    private const int NarrowInputOfOneTap = 12;
    private const int ChannelsForFilterLanes = 16;

    /// <summary>Below this share of lanes in use, tiles of channels beat lanes of filters.</summary>
    private const double FilterLanesInUse = 0.8;

    /// <summary>Where phases have so many taps a panel copies each input as often, which long rows outweigh.</summary>
    private const int TapsForFilterLanes = 9;
    private const int LongInput = 64;

    /// <summary>Lanes of filters leave taps outside the array out; panels multiply by zeros.</summary>
    private const double InsideLeast = 0.92;

    /// <summary>From this stride on, the phases of a row fill a vector of their own.</summary>
    private const int PhasesForFilterLanes = 8;

    private static readonly DefinitionTechnique Definition = new();
    private static readonly PanelsTechnique Panels = new();
    private static readonly FiltersTechnique Filters = new();
    private static readonly RowsTechnique Rows = new();
    private static readonly DepthwiseTechnique Depthwise = new();
    private static readonly MinimalTechnique Minimal = new();
    private static readonly ITechnique[] All = [Definition, Panels, Filters, Rows, Depthwise, Minimal];

    /// <summary>The names that the environment variable may hold. All give the same bits.</summary>
    public static IReadOnlyList<string> Techniques { get; } = Array.ConvertAll(All, technique => technique.Name);

    /// <summary>The technique that would compute this layer here.</summary>
    /// <exception cref="InvalidOperationException">The environment variable names none.</exception>
    public static string Select(ConvTransposeLayer layer) => Choose(layer).Name;

    /// <summary>Packs a layer.</summary>
    /// <param name="weights">[Cin, Cout/groups, k...], finite.</param>
    /// <param name="bias">One per output channel, finite; empty: none.</param>
    /// <exception cref="ArgumentException">Weights, bias or activation do not fit the layer.</exception>
    /// <exception cref="InvalidOperationException">The environment variable names no technique.</exception>
    public static IConvTransposeKernel Create(ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        Create(Choose(layer), layer, weights, bias);

    /// <summary>Packs a layer for a technique by name.</summary>
    /// <exception cref="InvalidOperationException">There is no such technique.</exception>
    public static IConvTransposeKernel Create(
        string technique, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        Create(Find(technique), layer, weights, bias);

    /// <summary>
    /// Whether a technique can compute a layer; one that is forced and cannot leaves it to the usual choice.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such technique.</exception>
    public static bool Supports(string technique, ConvTransposeLayer layer) => Supports(Find(technique), layer);

    /// <summary>Bytes that the packed weights of this layer take, once per process and job.</summary>
    public static long PackedBytes(ConvTransposeLayer layer) => Choose(layer).PackedBytes(layer);

    /// <summary>The same for a technique by name.</summary>
    public static long PackedBytes(string technique, ConvTransposeLayer layer) => Find(technique).PackedBytes(layer);

    /// <summary>
    /// Floats of workspace that one call needs for an output box of this spatial shape; never less for a larger one.
    /// </summary>
    public static long WorkspaceLength(ConvTransposeLayer layer, Dims outputShape) =>
        Choose(layer).WorkspaceLength(layer, outputShape);

    /// <summary>The same for a technique by name.</summary>
    public static long WorkspaceLength(string technique, ConvTransposeLayer layer, Dims outputShape) =>
        Find(technique).WorkspaceLength(layer, outputShape);

    private static IConvTransposeKernel Create(
        ITechnique technique, ConvTransposeLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        KernelArguments.CheckLayer(layer);
        KernelArguments.CheckWeights(layer, weights, bias);
        if (!Supports(technique, layer))
            throw new ArgumentException($"The kernel technique \"{technique.Name}\" does not compute {layer}.", nameof(layer));
        return technique.Create(layer, weights, bias);
    }

    private static ITechnique Choose(ConvTransposeLayer layer)
    {
        string? forced = Environment.GetEnvironmentVariable(ForcingVariable);
        if (!string.IsNullOrEmpty(forced) && Supports(Find(forced), layer))
            return Find(forced);
        return Array.Find(Preferred(layer), technique => Supports(technique, layer)) ?? Definition;
    }

    /// <summary>A technique computes one algorithm; the definition all.</summary>
    private static bool Supports(ITechnique technique, ConvTransposeLayer layer) =>
        (technique == Definition || (technique == Minimal) == (layer.Algorithm == ConvTransposeAlgorithm.Minimal))
        && technique.Supports(layer);

    /// <summary>From shapes measured: see bench/results.</summary>
    private static ITechnique[] Preferred(ConvTransposeLayer layer)
    {
        if (layer.Algorithm == ConvTransposeAlgorithm.Minimal)
            return [Minimal];
        if (layer.InputChannelsPerGroup == 1)
            return [Depthwise, Filters];
        if (PrefersFilterLanes(layer))
            return [Filters, Panels, Rows];
        return layer.OutputChannelsPerGroup > ChannelsForRows ? [Panels, Filters, Rows] : [Rows, Panels, Filters];
    }

    private static bool PrefersFilterLanes(ConvTransposeLayer layer)
    {
        ConvTransposeGeometry geometry = layer.Geometry;
        int x = geometry.Rank - 1;
        bool manyPhases = geometry.Strides[x] >= PhasesForFilterLanes && geometry.Kernel[x] % geometry.Strides[x] == 0
            && geometry.Dilations[x] == 1;
        if (manyPhases || geometry.Input.Volume == 1)
            return true;
        int channels = layer.OutputChannelsPerGroup;
        int lanes = (int)IntegerMath.RoundUp(channels, VectorWidth.Bits / 32);
        if (channels < ChannelsForFilterLanes || channels < FilterLanesInUse * lanes)
            return false;
        bool narrow = geometry.Input[x] <= (geometry.Kernel == geometry.Strides ? NarrowInputOfOneTap : NarrowInput);
        bool manyTaps = geometry.Strides.Volume == 1 && geometry.Kernel.Volume >= TapsForFilterLanes
            && (geometry.Input[x] <= LongInput || geometry.Kernel.Volume > TapsForFilterLanes);
        return narrow || manyTaps || ShareInside(geometry) < InsideLeast;
    }

    /// <summary>Share of an output's taps that read inside the array, over all outputs.</summary>
    private static double ShareInside(ConvTransposeGeometry geometry)
    {
        double share = 1;
        Dims outputs = geometry.Output;
        for (int axis = 0; axis < geometry.Rank; axis++)
        {
            long stride = geometry.Strides[axis], inside = 0, all = 0;
            for (long tap = 0; tap < geometry.Kernel[axis]; tap++)
            {
                long first = geometry.PadsBegin[axis] - (tap * geometry.Dilations[axis]);
                long low = IntegerMath.CeilDiv(first, stride), high = IntegerMath.CeilDiv(first + outputs[axis], stride);
                all += high - low;
                inside += Math.Max(0, Math.Min(high, geometry.Input[axis]) - Math.Max(low, 0));
            }

            share *= (double)inside / Math.Max(1, all);
        }

        return share;
    }

    private static ITechnique Find(string name) =>
        Array.Find(All, technique => technique.Name == name) ?? throw new InvalidOperationException(
            $"There is no kernel technique \"{name}\". "
            + $"hint: set {ForcingVariable} to one of {string.Join(", ", Techniques)}, or leave it unset.");
}
