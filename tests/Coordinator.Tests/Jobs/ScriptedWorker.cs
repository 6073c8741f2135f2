using System.Runtime.InteropServices;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Jobs;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;
using Upweave.Worker.Pictures;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>What happens to a tile, one attempt after the other; after the last entry everything goes well.</summary>
internal enum Outcome
{
    Done,
    DoneTwice,
    Transient,

    /// <summary>A store is away: no fault of the tile's.</summary>
    Postponed,

    /// <summary>The worker is too small for the job.</summary>
    ShortOfMemory,
    Corrupt,
    Invalid,

    /// <summary>The message is lost: no tile, no answer.</summary>
    Lost,

    /// <summary>The tile is written, its answer is lost.</summary>
    Unreported,
}

/// <summary>
/// A worker whose faults come from a table. It writes the flat index of every element as the element, through the
/// real writer, and answers at once.
/// </summary>
internal sealed class ScriptedWorker(JobPlan plan, StoreLocation output) : IJobMessages
{
    private readonly IArrayWriter writer = ArrayWriters.Create(output.Store, new PlanGeometry(plan).WriteLayout(output.Path));
    private readonly Dictionary<long, Queue<Outcome>> faults = [];
    private Task last = Task.CompletedTask;

    public List<long> Sent { get; } = [];

    /// <summary>How often the picture was exported, by the real exporter.</summary>
    public int Exports { get; private set; }

    public List<object> Said { get; } = [];

    /// <summary>The job that is answered.</summary>
    public JobRun? Job { get; set; }

    /// <summary>Takes the answers instead of <see cref="Job"/>.</summary>
    public Func<object, CancellationToken, ValueTask>? Answer { get; set; }

    /// <summary>Called for every event.</summary>
    public Action<object> Announced { get; set; } = _ => { };

    /// <summary>Called before a run of tiles is looked at.</summary>
    public Func<ComputeTiles, Task> BeforeEach { get; set; } = _ => Task.CompletedTask;

    public ScriptedWorker With(long tile, params Outcome[] outcomes)
    {
        faults[tile] = new Queue<Outcome>(outcomes);
        return this;
    }

    /// <summary>One run at a time, in the order of sending.</summary>
    public async Task DispatchAsync(ComputeTiles run, CancellationToken cancellationToken)
    {
        Assert.Equal(plan.Hash, run.PlanHash);
        Task before = last;
        TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        last = end.Task;
        await before;
        try
        {
            await PlayAsync(run, cancellationToken);
        }
        finally
        {
            end.SetResult();
        }
    }

    private async Task PlayAsync(ComputeTiles run, CancellationToken cancellationToken)
    {
        await BeforeEach(run);
        if (run.Stage == JobStage.Export)
        {
            Exports++;
            await PictureTasks.ExportAsync(plan, output, cancellationToken);
            await CompleteAsync(run, 0, cancellationToken);
            return;
        }

        for (long tile = run.FirstTile; tile < run.FirstTile + run.TileCount; tile++)
        {
            Sent.Add(tile);
            Outcome outcome = faults.TryGetValue(tile, out Queue<Outcome>? rest) && rest.TryDequeue(out Outcome next) ? next : Outcome.Done;
            await PlayAsync(run, tile, outcome, cancellationToken);
        }
    }

    public Task AnnounceAsync(object happened, CancellationToken cancellationToken)
    {
        Said.Add(happened);
        Announced(happened);
        return Task.CompletedTask;
    }

    /// <summary>Writes a tile as a worker does.</summary>
    public async Task WriteAsync(long tile, CancellationToken cancellationToken)
    {
        Box box = writer.Layout.Tiles()[tile];
        TileGrid places = new(box.Shape, Dims.Repeat(1, box.Rank));
        float[] values = new float[box.Volume];
        for (long index = 0; index < values.Length; index++)
        {
            Dims at = places[index].Origin;
            long flat = 0;
            for (int axis = 0; axis < box.Rank; axis++)
            {
                flat = (flat * writer.Layout.Shape[axis]) + box.Origin[axis] + at[axis];
            }

            values[index] = flat;
        }

        byte[] elements = writer.Layout.Type == ElementType.UInt8
            ? [.. values.Select(value => (byte)value)]
            : MemoryMarshal.AsBytes<float>(values).ToArray();
        using EncodedTile encoded = writer.Encode(tile, elements);
        await writer.WriteAsync(encoded, cancellationToken);
    }

    private async Task PlayAsync(ComputeTiles run, long tile, Outcome outcome, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case Outcome.Lost:
                break;
            case Outcome.Transient:
                await FailAsync(run, tile, TileErrorKind.Transient, cancellationToken);
                break;
            case Outcome.Postponed:
                await FailAsync(run, tile, TileErrorKind.Transient, cancellationToken, postponed: true);
                break;
            case Outcome.ShortOfMemory:
                await FailAsync(run, tile, TileErrorKind.Transient, cancellationToken, postponed: true, shortOfMemory: true);
                break;
            case Outcome.Corrupt:
                await FailAsync(run, tile, TileErrorKind.Corrupt, cancellationToken);
                break;
            case Outcome.Invalid:
                await FailAsync(run, tile, TileErrorKind.Invalid, cancellationToken);
                break;
            default:
                await WriteAsync(tile, cancellationToken);
                for (int times = outcome switch { Outcome.Unreported => 0, Outcome.Done => 1, _ => 2 }; times > 0; times--)
                {
                    await CompleteAsync(run, tile, cancellationToken);
                }

                break;
        }
    }

    private ValueTask PostAsync(object said, CancellationToken cancellationToken) =>
        Answer is null ? Job!.PostAsync(said, cancellationToken) : Answer(said, cancellationToken);

    private ValueTask CompleteAsync(ComputeTiles run, long tile, CancellationToken cancellationToken) => PostAsync(
        new TilesCompleted
        {
            JobId = run.JobId,
            PlanHash = run.PlanHash,
            Stage = run.Stage,
            FirstTile = tile,
            TileCount = 1,
            Costs = new TileCosts(0.5, 0.25, 0.125, 10, 100),
            Worker = "scripted",
        },
        cancellationToken);

    private ValueTask FailAsync(
        ComputeTiles run, long tile, TileErrorKind kind, CancellationToken cancellationToken, bool? postponed = null, bool? shortOfMemory = null) => PostAsync(
        new TileFailed
        {
            JobId = run.JobId,
            PlanHash = run.PlanHash,
            Stage = run.Stage,
            Tile = tile,
            Attempt = run.Attempt,
            Kind = kind,
            Message = $"scripted {kind}",
            Postponed = postponed,
            ShortOfMemory = shortOfMemory,
            Worker = "scripted",
        },
        cancellationToken);
}
