using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Standby;
using Upweave.Storage.Stores;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>A coordinator with records in <c>lock.jobs</c> that is the active one for half a minute; no worker hears it.</summary>
internal sealed class Coordinating
{
    private readonly JobFolder folder;

    public Coordinating(JobFolder folder, IStoreCatalog stores, FakeTimeProvider time)
    {
        this.folder = folder;
        Leadership leadership = new(time);
        leadership.Hold(time.GetTimestamp(), TimeSpan.FromSeconds(30));
        Records = new JobRecords(folder.Place("lock.jobs"), NullLogger.Instance);
        JobEnvironment environment = new(
            stores, Messages, Options.Create(new CoordinatorOptions()), time, NullLogger<JobService>.Instance)
        {
            Leadership = leadership,
            Records = Records,
        };
        Service = new JobService(Plans.Planner(folder), environment);
    }

    public RecordingMessages Messages { get; } = new();

    public JobRecords Records { get; }

    public JobService Service { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The first run of tiles that was sent out.</summary>
    public Task<ComputeTiles> FirstRunAsync() => Messages.Dispatched.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

    /// <summary>Takes a job on that fails, and waits until that is noted in its record.</summary>
    public async Task FailAsync(Guid job, JobSpecification specification)
    {
        SubmitResult accepted = await Service.SubmitAsync(job, specification, Cancelled);
        ComputeTiles run = await FirstRunAsync();
        await Service.PostAsync(
            job,
            new TileFailed
            {
                JobId = job, PlanHash = accepted.Accepted!.PlanHash, Stage = run.Stage, Tile = run.FirstTile, Attempt = 1,
                Kind = TileErrorKind.Invalid, Message = "scripted", Worker = "w",
            },
            Cancelled);
        Assert.IsType<JobFailed>(await Messages.EndAsync());
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (!(await File.ReadAllTextAsync(folder.FileOf($"lock.jobs/{job}.json"), Cancelled)).Contains("\"failure\"", StringComparison.Ordinal))
        {
            await timer.WaitForNextTickAsync(bound.Token);
        }
    }
}
