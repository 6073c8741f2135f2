namespace Upweave.ServiceDefaults.Tracing;

/// <summary>Tells which tiles took far longer than those before them. Safe for concurrent use.</summary>
internal sealed class SlowTiles
{
    /// <summary>A tile is slow when it takes this many times the mean.</summary>
    public const double Factor = 4;

    /// <summary>Tiles before the first one can be slow.</summary>
    public const int Least = 16;

    /// <summary>The mean is over about so many of the last tiles, so that it follows from job to job.</summary>
    private const int Window = 64;

    private readonly Lock gate = new();
    private double meanSeconds;
    private int count;

    /// <summary>Counts a tile, and says whether it was slow.</summary>
    public bool Note(TimeSpan duration)
    {
        lock (gate)
        {
            double seconds = duration.TotalSeconds;
            bool isSlow = count >= Least && seconds > Factor * meanSeconds;
            count = Math.Min(count + 1, Window);
            meanSeconds += (seconds - meanSeconds) / count;
            return isSlow;
        }
    }
}
