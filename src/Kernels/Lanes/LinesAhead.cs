namespace Upweave.Kernels.Lanes;

/// <summary>
/// Cache lines that will be needed soon, asked for one by one between products: a processor that is asked for many at once has no
/// room to note other loads until they have come.
/// </summary>
internal unsafe struct LinesAhead
{
    /// <summary>Lines beyond these are not asked for.</summary>
    public const int Most = 1024;

    private const int LineBytes = 64;
    private const int ChannelsPerLineMost = 16;

    /// <summary>At one line per eight cycles and less, the loads of the sums wait (unet_128: a tenth).</summary>
    private const int ChannelsPerLineLeast = 4;
    private readonly float** room;

    /// <param name="room">For <see cref="Most"/> places.</param>
    public LinesAhead(float** room)
    {
        this.room = room;
        Next = room;
        End = room;
    }

    /// <summary>The next line to ask for.</summary>
    public float** Next { get; set; }

    /// <summary>Behind the last.</summary>
    public float** End { get; private set; }

    /// <summary>A line is asked for where the channel's number has none of these bits.</summary>
    public int Mask { get; private set; }

    /// <summary>Forgets what has not been asked for.</summary>
    public void Clear()
    {
        Next = room;
        End = room;
    }

    /// <summary>Adds the lines of some floats.</summary>
    public void Add(float* first, int count)
    {
        nint line = (nint)first & -LineBytes;
        nint left = (nint)(room + Most - End);
        nint end = Math.Min((nint)(first + count), line + (left * LineBytes));
        float** place = End;
        for (; line < end; line += LineBytes)
            *place++ = (float*)line;
        End = place;
    }

    /// <summary>Spreads the lines over the work: one for every 4 to 16 channels, a power of two.</summary>
    /// <param name="channels">That pass by in the meantime.</param>
    public void Spread(long channels)
    {
        int channelsPerLine = ChannelsPerLineMost;
        while (channelsPerLine > ChannelsPerLineLeast && channels < (End - Next) * channelsPerLine)
            channelsPerLine /= 2;
        Mask = channelsPerLine - 1;
    }
}
