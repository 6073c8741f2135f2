namespace Upweave.Kernels.Techniques;

/// <summary>One block of the sum (one tap over a few input channels) as a register tile reads it.</summary>
/// <param name="weights">Where its packed weights begin, in weights of one row.</param>
/// <param name="panel">The line of the panel where its inputs begin.</param>
/// <param name="channels">Products per output, at least 1.</param>
internal readonly struct BlockStep(int weights, int panel, int channels, bool startsSubtotal, bool endsSubtotal, bool startsTotal)
{
    public readonly int Weights = weights;
    public readonly int Panel = panel;
    public readonly int Channels = channels;

    /// <summary>The first tap over its channels.</summary>
    public readonly bool StartsSubtotal = startsSubtotal;

    /// <summary>The last tap over its channels: the subtotal goes to the total.</summary>
    public readonly bool EndsSubtotal = endsSubtotal;

    /// <summary>The first channels.</summary>
    public readonly bool StartsTotal = startsTotal;
}
