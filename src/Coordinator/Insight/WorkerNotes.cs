namespace Upweave.Coordinator.Insight;

/// <summary>The workers of a job, the first 254 by name. Not safe for concurrent use.</summary>
public sealed class WorkerNotes
{
    private readonly Dictionary<string, byte> numbers = new(StringComparer.Ordinal);
    private readonly List<string> names = [""];
    private readonly long[] tiles = new long[byte.MaxValue + 1];
    private readonly double[] heard = new double[byte.MaxValue + 1];

    /// <summary>By their numbers; the first is empty.</summary>
    public IReadOnlyList<string> Names => [.. names];

    /// <summary>A worker has completed tiles.</summary>
    /// <param name="elapsed">Since the beginning of the run.</param>
    /// <returns>Its number.</returns>
    public byte Hear(string name, int completed, TimeSpan elapsed)
    {
        if (!numbers.TryGetValue(name, out byte number))
        {
            number = (byte)Math.Min(names.Count, TileMap.OtherWorkers);
            if (number < TileMap.OtherWorkers)
            {
                numbers[name] = number;
                names.Add(name);
            }
        }

        tiles[number] += completed;
        heard[number] = elapsed.TotalSeconds;
        return number;
    }

    /// <summary>Those with most tiles first.</summary>
    public IReadOnlyList<WorkerNote> List() =>
    [
        .. Enumerable.Range(1, byte.MaxValue).Where(number => tiles[number] > 0).OrderByDescending(number => tiles[number])
            .Select(number => new WorkerNote(number < names.Count ? names[number] : "", tiles[number], heard[number])),
    ];
}
