using Microsoft.Extensions.Logging;
using Upweave.Planning;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// A mark beside the output of a job, whose time says that a coordinator has the job, whatever it waits for: a pause, workers, a tile that
/// takes hours. Without it a job that makes no progress would look like one that everybody has abandoned. Safe for concurrent use.
/// </summary>
internal sealed class SignOfLife(StoreLocation output, string planHash, JobEnvironment environment)
{
    /// <summary>Time between two marks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Task writes = Task.CompletedTask;
    private bool isOver;

    /// <summary>Writes the mark, so that what is done next is not removed under the job's feet.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask ShowAsync(CancellationToken cancellationToken)
    {
        Task write;
        lock (gate)
        {
            if (isOver)
                return;
            write = WriteAsync(cancellationToken);
            writes = writes.IsCompleted ? write : Task.WhenAll(writes, write);
        }

        await write;
    }

    /// <summary>The same as far as it goes: it is tried again soon, and from a store that is away nothing is removed either.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (environment.Leadership.IsHeld && writes.IsCompleted) // else the one before still waits for the store
                await ShowAsync(cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops, and leaves the job to another.
        }
        catch (Exception error)
        {
            environment.Log.LogWarning(
                "Beside {Output} it could not be noted that its job goes on: {Reason} hint: let 'upweave gc' wait until this ends",
                output.Path, error.Message);
        }
    }

    /// <summary>The job is about to tidy up: nothing is written on return, or later.</summary>
    public async Task EndAsync()
    {
        Task last;
        lock (gate)
        {
            isOver = true;
            last = writes;
        }

        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(CancellationToken cancellationToken) => await output.Store.WriteAsync(
        JobPaths.SignOfLife(output.Path, planHash), "{}"u8.ToArray(), WriteCondition.Always, cancellationToken);
}
