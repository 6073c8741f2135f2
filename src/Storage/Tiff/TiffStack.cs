using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tiff;

/// <summary>The pages that make up the array, and what its axes are.</summary>
internal sealed record TiffStack
{
    /// <summary>The page that all others of the array are like.</summary>
    public required TiffPage First { get; init; }

    /// <summary>The page of each plane: batches outermost, then channels, then z.</summary>
    public required IReadOnlyList<TiffPage> Planes { get; init; }

    /// <summary>
    /// Bytes from one plane to the next where all are in <see cref="First"/>, one behind the other, channels fastest, then z
    /// (ImageJ's way beyond 4 GiB); else 0.
    /// </summary>
    public long PlaneStride { get; init; }

    /// <summary>The pages are those of <see cref="TiffPage.Subdirectories"/>, and not of the chain.</summary>
    public bool IsOfSubdirectories { get; init; }

    public required long Batches { get; init; }

    /// <summary>Pages beside each other as channels; each has its own samples.</summary>
    public required long ChannelPages { get; init; }

    public required long Depth { get; init; }

    public ArraySpace? Space { get; init; }

    public TiffLayout Layout => First.Layout!;

    public long Channels => ChannelPages * Layout.Samples;

    /// <summary>
    /// A single plane has channels like every picture, be it one; a volume only where it has more than one; a batch always.
    /// </summary>
    public AxisLayout Axes => new(Batches > 1, Batches > 1 || Channels > 1 || Depth == 1, Depth > 1 ? 3 : 2);

    public Dims Shape => Axes.Join(Batches, Channels, Depth > 1 ? [Depth, Layout.Height, Layout.Width] : [Layout.Height, Layout.Width]);

    /// <summary>The page of a plane and where it lies from that page's own place.</summary>
    public (TiffPage Page, long Shift) Plane(long batch, long channelPage, long z)
    {
        return PlaneStride > 0
            ? (First, ((((batch * Depth) + z) * ChannelPages) + channelPage) * PlaneStride)
            : (Planes[(int)((((batch * ChannelPages) + channelPage) * Depth) + z)], 0);
    }
}
