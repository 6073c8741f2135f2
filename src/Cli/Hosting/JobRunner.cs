using Upweave.Cli.Arrays;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.ServiceDefaults;
using Upweave.Worker.Devices;

namespace Upweave.Cli.Hosting;

/// <summary>Runs one job from submission to its end, in a host of its own.</summary>
internal static class JobRunner
{
    /// <exception cref="OperationCanceledException">
    /// Interrupted. The host has stopped; what is done stays staged, so that the same job goes on from there.
    /// </exception>
    /// <exception cref="SettingsException">The device that was named is not there, or cannot be used.</exception>
    public static Task<JobOutcome> RunAsync(
        JobSpecification specification, WorkerBounds bounds, ReferenceCatalog stores, IProgressView view,
        CancellationToken cancellationToken) =>
        RunAsync(specification, bounds, stores, view, ComputeDevices.Open, cancellationToken);

    /// <summary>The same with another way to come to a device.</summary>
    public static Task<JobOutcome> RunAsync(
        JobSpecification specification, WorkerBounds bounds, ReferenceCatalog stores, IProgressView view,
        Func<DeviceChoice, IComputeDevice> openDevice, CancellationToken cancellationToken) =>
        view.ShowAsync(async sink =>
        {
            string? output = specification.Output;
            bool isPath = !string.IsNullOrWhiteSpace(output) && !output.Contains('\0', StringComparison.Ordinal);
            using IDisposable? sole = isPath ? OutputLock.TryTake(stores.PlaceOf(output!)) : null;
            if (isPath && sole is null)
                return new JobOutcome { Rejected = [InWork(output!)] };

            // What is not a path the planner refuses, together with everything else that is wrong.
            await using EmbeddedHost host = await EmbeddedHost.StartAsync(bounds, stores, openDevice, cancellationToken);
            Guid jobId = Guid.NewGuid();
            return await host.SubmitAsync(jobId, specification, cancellationToken) is JobRejected rejected
                ? new JobOutcome { Rejected = rejected.Problems }
                : await FollowAsync(host, jobId, sink, cancellationToken);
        });

    private static Problem InWork(string output) => new(
        "output", $"{output} is being written by another process.", "wait until that has ended, or choose another output");

    private static async Task<JobOutcome> FollowAsync(
        EmbeddedHost host, Guid jobId, IProgressSink sink, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<JobOutcome> end = FollowAsync(host.Events, jobId, sink, stop.Token);
        if (await Task.WhenAny(end, host.DeviceLost) == end)
            return await end with { Device = host.Device is { IsProcessor: false, Name: string name } ? name : null };
        await stop.CancelAsync();
        string reason = $"{await host.DeviceLost} hint: what is done is kept; run the same command again to go on, on the processor with "
            + "--device cpu";
        return new JobOutcome { Failed = new JobFailed { JobId = jobId, Reason = reason, FailedTiles = [] } };
    }

    private static async Task<JobOutcome> FollowAsync(
        JobEvents events, Guid jobId, IProgressSink sink, CancellationToken cancellationToken)
    {
        await foreach (object message in events.ReadAllAsync(cancellationToken))
        {
            switch (message)
            {
                case JobProgressed progress when progress.JobId == jobId:
                    sink.Report(progress);
                    break;
                case TileFailed failure when failure.JobId == jobId:
                    sink.Report(failure);
                    break;
                case JobCompleted completed when completed.JobId == jobId:
                    return new JobOutcome { Completed = completed };
                case JobFailed failed when failed.JobId == jobId:
                    return new JobOutcome { Failed = failed };
                case JobCancelled cancelled when cancelled.JobId == jobId:
                    return new JobOutcome { Failed = new JobFailed { JobId = jobId, Reason = "The job was cancelled.", FailedTiles = [] } };
                default:
                    break;
            }
        }

        throw new InvalidOperationException("The events of the job ended before the job did.");
    }
}
