using Upweave.Kernels.Phases;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// Where a pass reads its input: the panel, [chunk of channels][item][position][channel of the chunk], or the caller's
/// array. Only positions in the three ranges are present; others count as +0.
/// </summary>
internal readonly unsafe struct FiltersSource
{
    private readonly nint itemStride;
    private readonly nint planeStride;
    private readonly nint rowStride;
    private readonly nint positionStride;
    private readonly float* input;
    private readonly nint inputItemStride;
    private readonly BoxView box;
    private readonly int items;

    /// <param name="input">The group's first channel in the pass's first item.</param>
    public FiltersSource(
        float* input, float* panel, in BoxView box, int items, int inputChannels, int chunk, FiltersRange z, FiltersRange y, FiltersRange x)
    {
        this.input = input;
        this.box = box;
        this.items = items;
        inputItemStride = inputChannels * box.InputChannelStride;
        (Z, Y, X) = (z, y, x);
        UsesPanel = panel != null;
        positionStride = UsesPanel ? chunk : 1;
        rowStride = UsesPanel ? (nint)chunk * X.Count : box.InputRowStride;
        planeStride = UsesPanel ? rowStride * Y.Count : box.InputPlaneStride;
        itemStride = UsesPanel ? planeStride * Z.Count : inputItemStride;
        ChannelStep = UsesPanel ? 1 : box.InputChannelStride;
        ChunkStride = UsesPanel ? itemStride * items : chunk * box.InputChannelStride;
        First = UsesPanel ? panel : input + InputOffset(z.First, y.First);
    }

    public FiltersRange Z { get; }

    public FiltersRange Y { get; }

    public FiltersRange X { get; }

    public bool UsesPanel { get; }

    /// <summary>The first channel at the first position of all ranges.</summary>
    public float* First { get; }

    public nint ChannelStep { get; }

    public nint ChunkStride { get; }

    /// <summary>From one position of a row to the next.</summary>
    public int PositionStep => (int)positionStride;

    public bool IsEmpty => Z.Count == 0 || Y.Count == 0 || X.Count == 0;

    /// <summary>From the first position to this one.</summary>
    public int Offset(int item, long z, long y, long x) => (int)(
        (item * itemStride) + ((nint)(z - Z.First) * planeStride) + ((nint)(y - Y.First) * rowStride)
        + ((nint)(x - X.First) * positionStride));

    /// <summary>Fills the panel.</summary>
    /// <param name="channels">Channels of the group.</param>
    public void Pack(int channels)
    {
        int chunk = PositionStep;
        for (int channel = 0; channel < channels; channel += chunk)
        {
            float* target = First + (channel / chunk * ChunkStride);
            for (int item = 0; item < items; item++)
            {
                for (long z = Z.First; z < Z.End; z++)
                {
                    for (long y = Y.First; y < Y.End; y++)
                    {
                        float* source = input + (channel * box.InputChannelStride) + (item * inputItemStride) + InputOffset(z, y);
                        FiltersTranspose.Run(
                            source, box.InputChannelStride, Math.Min(chunk, channels - channel), X.Count,
                            target + Offset(item, z, y, X.First), chunk);
                    }
                }
            }
        }
    }

    private nint InputOffset(long z, long y) =>
        ((nint)(z - box.InputZ) * box.InputPlaneStride) + ((nint)(y - box.InputY) * box.InputRowStride) + (nint)(X.First - box.InputX);
}
