using Upweave.Cli.Rendering;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Remote;

/// <summary>
/// Follows a job that a coordinator has accepted until its end. Where events fail to come, for want of any or with the connection,
/// it asks for the job's state.
/// </summary>
internal sealed class JobFollower(IJobLink link, Guid jobId, IProgressSink sink)
{
    /// <summary>Questions without an answer after which it gives up: the coordinator has been away for minutes.</summary>
    public const int UnansweredMax = 10;

    /// <summary>How long no event may come before it asks. A tile may last that long.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private int unanswered;

    /// <summary>What it waits before each attempt to connect again.</summary>
    /// <value>1, 2, 4, 8, 15 and 30 s.</value>
    public IReadOnlyList<TimeSpan> Pauses { get; init; } = [.. Enumerable.Select([1, 2, 4, 8, 15, 30], Seconds)];

    /// <returns>
    /// The last that is heard of the job: <see cref="JobCompleted"/>, <see cref="JobFailed"/> or <see cref="JobCancelled"/>; the
    /// <see cref="JobStatus"/> of one that ended unseen; <see cref="JobRejected"/> when the coordinator has forgotten it.
    /// </returns>
    /// <exception cref="BrokerException">The broker or the coordinator is gone for too long.</exception>
    public async Task<object> FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            object? message = await HearAsync(cancellationToken);
            if (message is not null && IsEnd(message))
                return message;
            if (message is null)
                CountUnanswered();
            else
                unanswered = 0;
            if (Progress(message) is { } progress)
                sink.Report(progress);
        }
    }

    /// <summary>True for a message after which nothing more comes of the job.</summary>
    public static bool IsEnd(object message) =>
        message is JobCompleted or JobFailed or JobCancelled or JobRejected or JobStatus { State: not JobState.Running };

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static JobProgressed? Progress(object? message) => message as JobProgressed ?? (message as JobStatus)?.Progress;

    private async Task<object?> HearAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await link.NextAsync(Silence, cancellationToken) ?? await link.GetAsync(jobId, cancellationToken);
        }
        catch (BrokerLostException lost)
        {
            sink.Note($"{lost.Message}; connecting again");
            return await ReconnectAsync(lost, cancellationToken);
        }
    }

    private async Task<object?> ReconnectAsync(BrokerException lost, CancellationToken cancellationToken)
    {
        foreach (TimeSpan pause in Pauses)
        {
            await Task.Delay(pause, cancellationToken);
            try
            {
                await link.ReconnectAsync(cancellationToken);
                sink.Note("connected again");
                return await link.GetAsync(jobId, cancellationToken);
            }
            catch (BrokerException error)
            {
                lost = error;
            }
        }

        throw new BrokerException($"{lost.Message} The job goes on without this program; 'upweave watch {jobId}' shows it.", lost);
    }

    private void CountUnanswered()
    {
        unanswered++;
        if (unanswered == 1)
            sink.Note("no coordinator answers; waiting for one");
        if (unanswered == UnansweredMax)
        {
            throw new BrokerException(
                $"No coordinator has answered for minutes. hint: start one and submit the job {jobId} again; it goes on from what is done");
        }
    }
}
