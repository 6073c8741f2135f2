using System.Diagnostics;
using Upweave.Cli.Settings;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Remote;

/// <summary>Asks coordinators, through the broker. For one caller at a time.</summary>
internal sealed class JobClient : IJobLink, IAsyncDisposable
{
    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly BrokerAddress address;
    private readonly Queue<object> early = [];
    private BrokerClient broker;
    private Guid? watched;

    private JobClient(BrokerAddress address, BrokerClient broker)
    {
        this.address = address;
        this.broker = broker;
    }

    /// <exception cref="BrokerException">There is no connection to be had.</exception>
    public static async Task<JobClient> ConnectAsync(BrokerAddress address, CancellationToken cancellationToken) =>
        new(address, await BrokerClient.ConnectAsync(address, cancellationToken));

    /// <summary>From now on nothing that happens in the job is missed.</summary>
    public async Task WatchAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await broker.WatchAsync(jobId, cancellationToken);
        watched = jobId;
    }

    /// <summary>Submits a job. Without an answer it waits in the coordinator's queue.</summary>
    /// <param name="json">The specification, sent as it is.</param>
    /// <returns><see cref="JobAccepted"/> or <see cref="JobRejected"/>; null when nobody answered.</returns>
    public Task<object?> SubmitAsync(Guid jobId, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => AskAsync(
        new Request(WireNames.SubmitJob, nameof(SubmitJob), json) { MessageId = jobId }, cancellationToken);

    /// <summary>Asks a job to stop.</summary>
    /// <returns>Its <see cref="JobStatus"/> then; <see cref="JobRejected"/> when no such job is known; null when nobody answered.</returns>
    public Task<object?> CancelAsync(Guid jobId, CancellationToken cancellationToken) =>
        AskNowAsync(WireNames.CancelJob, new CancelJob { JobId = jobId }, cancellationToken);

    /// <summary>Runs a failed job again.</summary>
    /// <returns>Its <see cref="JobStatus"/> then; <see cref="JobRejected"/> when that cannot be; null when nobody answered.</returns>
    public Task<object?> RetryAsync(Guid jobId, CancellationToken cancellationToken) =>
        AskNowAsync(WireNames.RetryJob, new RetryJob { JobId = jobId }, cancellationToken);

    /// <summary>Sends no more of a job's tiles out, or goes on with it.</summary>
    /// <returns>Its <see cref="JobStatus"/> then; <see cref="JobRejected"/> when no such job is known; null when nobody answered.</returns>
    public Task<object?> HoldAsync(Guid jobId, bool isPaused, CancellationToken cancellationToken) => isPaused
        ? AskNowAsync(WireNames.PauseJob, new PauseJob { JobId = jobId }, cancellationToken)
        : AskNowAsync(WireNames.ResumeJob, new ResumeJob { JobId = jobId }, cancellationToken);

    public Task<object?> GetAsync(Guid jobId, CancellationToken cancellationToken) =>
        AskNowAsync(WireNames.GetJob, new GetJob { JobId = jobId }, cancellationToken);

    /// <summary>All jobs that the coordinator knows; null when nobody answered.</summary>
    public async Task<JobList?> ListAsync(CancellationToken cancellationToken) =>
        await AskNowAsync(WireNames.GetJob, new GetJob(), cancellationToken) as JobList;

    public async Task<object?> NextAsync(TimeSpan time, CancellationToken cancellationToken) =>
        early.TryDequeue(out object? message) ? message : (await broker.ReceiveAsync(time, cancellationToken))?.Message;

    public async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        await broker.DisposeAsync();
        broker = await BrokerClient.ConnectAsync(address, cancellationToken);
        if (watched is { } jobId)
            await broker.WatchAsync(jobId, cancellationToken);
    }

    public ValueTask DisposeAsync() => broker.DisposeAsync();

    /// <summary>A question that is worth nothing when its answer comes too late: it does not stay in the queue.</summary>
    private Task<object?> AskNowAsync<T>(string exchange, T message, CancellationToken cancellationToken) => AskAsync(
        new Request(exchange, typeof(T).Name, WireMessages.Write(message)) { Expiration = AnswerTime }, cancellationToken);

    private async Task<object?> AskAsync(Request request, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        await broker.SendAsync(request, cancellationToken);
        while (await broker.ReceiveAsync(AnswerTime - Stopwatch.GetElapsedTime(started), cancellationToken) is { } received)
        {
            if (received.CorrelationId == request.CorrelationId)
                return received.Message;
            early.Enqueue(received.Message);
        }

        return null;
    }
}
