using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Standby;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// The jobs that have been accepted and have not ended, and those that have failed, an object each. A claim lies beside its output,
/// wherever that is: so without these a coordinator could not know which outputs to look at. Every change asks for the ETag of a record
/// of one's own, so one that was active before cannot change what another has taken over.
/// </summary>
/// <param name="folder">Where they are kept; null: nowhere.</param>
public sealed class JobRecords(StoreLocation? folder, ILogger log) : IDisposable
{
    /// <summary>The largest record that is read, in bytes: a plan, and a little beside it.</summary>
    private const int BytesMax = PlanStore.PlanBytesMax + 8192;

    private readonly string holder = Guid.NewGuid().ToString("N");

    /// <summary>A change is a reading and a writing: of two at the same time one would look like another coordinator's.</summary>
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>Keeps the record of a job that was accepted.</summary>
    /// <param name="trace">Where its spans hang; null when nobody traces.</param>
    /// <exception cref="LeadershipLostException">It is another coordinator's.</exception>
    public async Task AddAsync(Guid jobId, JobPlan plan, JobTrace? trace, CancellationToken cancellationToken)
    {
        JobRecord record = new()
        {
            Version = JobRecord.CurrentVersion,
            JobId = jobId,
            Holder = holder,
            IsPublished = false,
            Trace = trace,
            Plan = plan,
        };
        await InTurnAsync(
            async () => await WriteAsync(record, (await FindAsync(PathOf(jobId), cancellationToken))?.Info, cancellationToken),
            cancellationToken);
    }

    /// <summary>Notes that a job's output has been published.</summary>
    /// <exception cref="LeadershipLostException">The job is another coordinator's.</exception>
    public Task NotePublishedAsync(Guid jobId, CancellationToken cancellationToken) =>
        ChangeAsync(jobId, record => record with { IsPublished = true }, cancellationToken);

    /// <summary>Notes since when a job is paused; null: it is not any more.</summary>
    /// <exception cref="LeadershipLostException">The job is another coordinator's.</exception>
    public Task NotePausedAsync(Guid jobId, DateTimeOffset? since, CancellationToken cancellationToken) =>
        ChangeAsync(jobId, record => record with { PausedSince = since }, cancellationToken);

    /// <summary>Notes how a job has failed: it can be tried again.</summary>
    /// <exception cref="LeadershipLostException">The job is another coordinator's.</exception>
    public Task NoteFailedAsync(JobStatus failure, DateTimeOffset at, CancellationToken cancellationToken) =>
        ChangeAsync(failure.JobId, record => record with { Failure = failure, FailedAt = at, PausedSince = null }, cancellationToken);

    /// <summary>Forgets a job whose end has been told.</summary>
    /// <exception cref="LeadershipLostException">The job is another coordinator's.</exception>
    public Task RemoveAsync(Guid jobId, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (await FindOwnAsync(jobId, cancellationToken) is { } own)
                await folder!.Value.Store.DeleteAsync(own.Info.Path, own.Info.ETag, cancellationToken);
        },
        cancellationToken);

    /// <summary>Takes all jobs over, one after the other. A record that cannot be read is named in the log, and stays.</summary>
    public async IAsyncEnumerable<JobRecord> TakeOverAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (folder is not { } place)
            yield break;
        List<ObjectInfo> found = await place.Store.ListAsync(place.Path, cancellationToken).ToListAsync(cancellationToken);
        foreach (ObjectInfo listed in found)
        {
            if (await TryTakeOverAsync(listed.Path, cancellationToken) is { } record)
                yield return record;
        }
    }

    private async Task<JobRecord?> TryTakeOverAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(path, cancellationToken) is not { } found)
                return null;
            JobRecord record = found.Record with { Holder = holder };
            await WriteAsync(record, found.Info, cancellationToken);
            return record;
        }
        catch (CorruptDataException error)
        {
            log.LogError("A job cannot be taken over: {Reason}", error.Message);
            return null;
        }
    }

    public void Dispose() => gate.Dispose();

    private Task ChangeAsync(Guid jobId, Func<JobRecord, JobRecord> change, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (await FindOwnAsync(jobId, cancellationToken) is { } own && change(own.Record) is { } changed && changed != own.Record)
                await WriteAsync(changed, own.Info, cancellationToken);
        },
        cancellationToken);

    /// <summary>Nothing is done where no records are kept.</summary>
    private async Task InTurnAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        if (folder is null)
            return;
        await gate.WaitAsync(cancellationToken);
        try
        {
            await action();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <returns>Null when there is none: the job has ended.</returns>
    private async Task<(ObjectInfo Info, JobRecord Record)?> FindOwnAsync(Guid jobId, CancellationToken cancellationToken) =>
        await FindAsync(PathOf(jobId), cancellationToken) is not { } found ? null
        : found.Record.Holder == holder ? found
        : throw new LeadershipLostException();

    private async Task<(ObjectInfo Info, JobRecord Record)?> FindAsync(string path, CancellationToken cancellationToken)
    {
        IObjectStore store = folder!.Value.Store;
        if (await store.StatAsync(path, cancellationToken) is not { } info)
            return null;
        if (info.Length > BytesMax)
            throw new CorruptDataException($"{path} has {info.Length} bytes; the record of a job has at most {BytesMax}.");
        byte[] bytes = new byte[info.Length];
        try
        {
            await store.ReadAsync(path, 0, bytes, info.ETag, cancellationToken);
            JobRecord? record = JsonSerializer.Deserialize<JobRecord>(bytes, ContractJson.Options);
            return record is { Version: JobRecord.CurrentVersion } && record.Plan.Hash == ContractJson.Hash(record.Plan)
                ? (info, record)
                : throw new CorruptDataException($"{path} is not the record of a job that this software knows. {Hint}");
        }
        catch (JsonException error)
        {
            throw new CorruptDataException($"{path} is not the record of a job: {error.Message} {Hint}", error);
        }
        catch (ObjectChangedException)
        {
            throw new LeadershipLostException(); // only an active coordinator changes records
        }
    }

    private const string Hint = "hint: submit the job again, and delete the record";

    /// <param name="before">What is replaced; null: nothing may be there.</param>
    private async Task WriteAsync(JobRecord record, ObjectInfo? before, CancellationToken cancellationToken)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(record, ContractJson.Options);
        WriteCondition condition = before is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(before.ETag);
        if (!await folder!.Value.Store.WriteAsync(PathOf(record.JobId), bytes, condition, cancellationToken))
            throw new LeadershipLostException();
    }

    private string PathOf(Guid jobId) => $"{folder!.Value.Path}/{jobId}.json";
}
