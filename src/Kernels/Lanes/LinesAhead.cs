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
}
