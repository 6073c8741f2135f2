namespace Upweave.Coordinator.Insight;

/// <summary>The tiles that took longest, the longest first. Not safe for concurrent use.</summary>
public sealed class SlowestTiles
{
    /// <summary>The most tiles.</summary>
    public const int TilesMax = 10;

    private readonly List<TileNote> notes = [];

    public IReadOnlyList<TileNote> List() => [.. notes];

    /// <summary>Whether a tile that took so long would be among them.</summary>
    public bool Takes(double seconds) => notes.Count < TilesMax || seconds > notes[^1].Seconds;

    public void Add(TileNote note)
    {
        int place = notes.FindIndex(other => other.Seconds < note.Seconds);
        notes.Insert(place < 0 ? notes.Count : place, note);
        if (notes.Count > TilesMax)
            notes.RemoveAt(TilesMax);
    }
}
