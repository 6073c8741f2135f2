using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Cli.Settings;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Remote;

/// <summary>One job, submitted once.</summary>
internal sealed class JobSubmission(BrokerAddress address, SubmitRequest request, Terminal terminal, Reporter reporter)
{
    private static readonly string Unanswered = $"no coordinator answered in {JobClient.AnswerTime.TotalSeconds:0} s; the job lies in the "
        + "queue and starts when one does";

    private bool isSent;
    private bool isAccepted;

    /// <summary>Submits the job and says what became of it.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> SendAsync(CancellationToken cancellationToken) => UntilInterruptedAsync(async () =>
    {
        await using JobClient jobs = await JobClient.ConnectAsync(address, cancellationToken);
        isSent = true;
        return await jobs.SubmitAsync(request.JobId, request.Json, cancellationToken) switch
        {
            JobAccepted accepted => reporter.Succeed(accepted, Report(accepted)),
            JobRejected rejected => reporter.Refuse(rejected.Problems),
            _ => reporter.Fail($"{Unanswered}. hint: upweave watch {request.JobId}"),
        };
    }, cancellationToken);

    /// <summary>Submits the job and follows it to its end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(IProgressView view, CancellationToken cancellationToken) => UntilInterruptedAsync(async () =>
    {
        object end = await view.ShowAsync(sink => FollowAsync(sink, cancellationToken));
        return end is JobRejected rejected && !isAccepted
            ? reporter.Refuse(rejected.Problems)
            : EndReport.Tell(reporter, request.JobId, end);
    }, cancellationToken);

    private async Task<object> FollowAsync(IProgressSink sink, CancellationToken cancellationToken)
    {
        await using JobClient jobs = await JobClient.ConnectAsync(address, cancellationToken);

        // Before it is submitted, so that nothing is missed.
        await jobs.WatchAsync(request.JobId, cancellationToken);
        isSent = true;
        object? answer = await jobs.SubmitAsync(request.JobId, request.Json, cancellationToken);
        if (answer is null)
            sink.Note($"{Unanswered}; waiting");
        while (answer is not (JobAccepted or JobRejected))
        {
            // Not to be asked for before it is planned, which takes as long as it takes.
            answer = await jobs.NextAsync(TimeSpan.FromHours(1), cancellationToken);
        }

        if (answer is not JobAccepted accepted)
            return answer;
        isAccepted = true;
        sink.Note($"job {accepted.JobId}: {Units.Count(accepted.TileCount, "tile")}"
            + (accepted.Resumed ? ", going on with what an earlier run has done" : ""));
        return await new JobFollower(jobs, request.JobId, sink).FollowAsync(cancellationToken);
    }

    private async Task<int> UntilInterruptedAsync(Func<Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (BrokerLostException lost) when (isSent && !isAccepted)
        {
            return reporter.Fail($"{lost.Message} The job may have been submitted. hint: upweave status {request.JobId}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync(isSent
                ? $"interrupted; the job goes on. 'upweave watch {request.JobId}' shows it, 'upweave cancel {request.JobId}' stops it"
                : "interrupted; nothing was submitted");
            return ExitCodes.Interrupted;
        }
    }

    private static Report Report(JobAccepted accepted) => new Report()
        .Row("job", accepted.JobId.ToString())
        .Row("plan", accepted.PlanHash)
        .Row("tiles", Units.Count(accepted.TileCount) + (accepted.Resumed ? ", some of which an earlier run may have done" : ""))
        .Row("watch", $"upweave watch {accepted.JobId}");
}
