using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>What the planner keeps of a layer's weights: their shape and their pins.</summary>
/// <param name="Kernel">Kernel size per spatial axis.</param>
/// <param name="Identity">Null for a preset.</param>
/// <param name="BiasIdentity">Null for none.</param>
public sealed record LayerWeights(
    int InputChannels, int OutputChannels, int Group, Dims Kernel, string? Identity = null, string? BiasIdentity = null)
{
    public int SpatialRank => Kernel.Count;

    /// <summary>Set for a preset: the attributes that go with it.</summary>
    public PresetAttributes? Preset { get; init; }
}

/// <summary>Strides and pads of a preset, one number per spatial axis.</summary>
public sealed record PresetAttributes(Dims Scale, Dims Pads);
