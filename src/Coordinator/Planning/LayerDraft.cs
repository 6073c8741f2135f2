using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>A layer that fits its input.</summary>
/// <param name="Planned">As the plan keeps it.</param>
/// <param name="Layer">As a kernel sees it.</param>
/// <param name="Input">The input's axes.</param>
public sealed record LayerDraft(PlannedLayer Planned, ConvTransposeLayer Layer, AxisLayout Input)
{
    /// <summary>The output's axes: the input's, and a channel axis where there is more than one channel.</summary>
    public AxisLayout Output => Input with { HasChannels = Input.HasChannels || Layer.OutputChannels > 1 };
}
