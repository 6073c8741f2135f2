using Upweave.Kernels.Techniques;
using Upweave.Tiling;

namespace Upweave.Kernels;

/// <summary>The only place that decides which technique computes a layer.</summary>
public static class KernelSelector
{
    /// <summary>Name of the environment variable that forces a technique.</summary>
    public const string ForcingVariable = "UPWEAVE_KERNEL";

    /// <summary>
    /// From this many output channels per group on, lanes across channels win: 12 fill three quarters of a block of
    /// 16, and below that lanes along x waste less.
    /// </summary>
    private const int ChannelsForChannelLanes = 12;

    /// <summary>Rows too narrow for three vectors waste lanes along x, so fewer channels do.</summary>
    private const int NarrowRow = 24;
    private const int ChannelsForChannelLanesNarrow = 3;

    private static readonly ITechnique Definition = new DefinitionTechnique();
    private static readonly ITechnique LanesX = new LanesXTechnique();
    private static readonly ITechnique LanesChannels = new LanesChannelsTechnique();
    private static readonly ITechnique[] All = [Definition, LanesX, LanesChannels];

    /// <summary>
    /// The names that the environment variable may hold. All can compute every layer, with the same bits.
    /// </summary>
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

    /// <summary>Bytes that the packed weights of this layer take, once per process and job.</summary>
    public static long PackedBytes(ConvTransposeLayer layer) => Choose(layer).PackedBytes(layer);

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
        return technique.Create(layer, weights, bias);
    }

    private static ITechnique Choose(ConvTransposeLayer layer)
    {
        string? forced = Environment.GetEnvironmentVariable(ForcingVariable);
        if (!string.IsNullOrEmpty(forced))
            return Find(forced);
        bool narrow = layer.Geometry.Input[layer.Geometry.Rank - 1] < NarrowRow;
        int channelsNeeded = narrow ? ChannelsForChannelLanesNarrow : ChannelsForChannelLanes;
        return layer.OutputChannelsPerGroup >= channelsNeeded ? LanesChannels : LanesX;
    }

    private static ITechnique Find(string name) =>
        Array.Find(All, technique => technique.Name == name) ?? throw new InvalidOperationException(
            $"There is no kernel technique \"{name}\". "
            + $"hint: set {ForcingVariable} to one of {string.Join(", ", Techniques)}, or leave it unset.");
}
