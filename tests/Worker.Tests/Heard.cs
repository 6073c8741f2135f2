using Upweave.Contracts.Messages;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

/// <summary>Writes down what a worker says, in order.</summary>
internal sealed class Heard : IWorkerMessages
{
    public List<object> All { get; } = [];

    public IEnumerable<TilesCompleted> Completed => All.OfType<TilesCompleted>();

    public IEnumerable<TileFailed> Failed => All.OfType<TileFailed>();

    /// <summary>E.g. <c>done 0+2, failed 2</c>.</summary>
    public string Story => string.Join(", ", All.Select(said => said switch
    {
        TilesCompleted completed => $"done {completed.FirstTile}+{completed.TileCount}",
        TileFailed failed => $"failed {failed.Tile}",
        _ => "?",
    }));

    public Task TilesCompletedAsync(TilesCompleted completed, CancellationToken cancellationToken) => Note(completed);

    public Task TileFailedAsync(TileFailed failed, CancellationToken cancellationToken) => Note(failed);

    /// <summary>Called before something is noted.</summary>
    public Action Hearing { get; set; } = () => { };

    private Task Note(object said)
    {
        Hearing();
        lock (All)
        {
            All.Add(said);
        }

        return Task.CompletedTask;
    }
}
