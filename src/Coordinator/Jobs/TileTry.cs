namespace Upweave.Coordinator.Jobs;

/// <summary>A tile that is out, or waits to go out again.</summary>
/// <param name="Attempt">1 for the first time.</param>
/// <param name="Losses">Attempts before this one that nobody answered.</param>
/// <param name="Postponed">Attempts before this one that say nothing about the tile; the others ended with a transient error.</param>
internal readonly record struct TileTry(long Tile, int Attempt, int Losses, int Postponed)
{
    /// <summary>Attempts that ended with an error, when this one does too.</summary>
    public int Errors => Attempt - Losses - Postponed;

    public TileTry AfterError() => this with { Attempt = Attempt + 1 };

    public TileTry AfterPostponement() => this with { Attempt = Attempt + 1, Postponed = Postponed + 1 };

    public TileTry AfterLoss() => this with { Attempt = Attempt + 1, Losses = Losses + 1 };
}
