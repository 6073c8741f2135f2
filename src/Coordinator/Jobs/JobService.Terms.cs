using Microsoft.Extensions.Logging;
using Upweave.Coordinator.Standby;
using Upweave.Storage;

namespace Upweave.Coordinator.Jobs;

/// <content>What happens when this coordinator becomes the active one, and when it is not any more.</content>
public sealed partial class JobService
{
    /// <summary>Goes on with the jobs that another coordinator, or an earlier process of this one, has left.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="LeadershipLostException">Another coordinator may be active.</exception>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        await admission.WaitAsync(cancellationToken);
        try
        {
            int jobs = 0;
            await foreach (JobRecord record in environment.Records.TakeOverAsync(cancellationToken))
            {
                environment.Leadership.Demand();
                if (running.ContainsKey(record.JobId))
                    continue;
                if (!await memory.TryTakeOverAsync(record, cancellationToken) && TryTakeOver(record))
                    jobs++;
            }

            return jobs;
        }
        finally
        {
            admission.Release();
        }
    }

    /// <summary>Leaves all jobs to the coordinator that is active next, and forgets them.</summary>
    public async Task LeaveAsync()
    {
        CancellationTokenSource ending = Interlocked.Exchange(ref term, new CancellationTokenSource());
        await ending.CancelAsync();
        await Task.WhenAll(tasks.Values);
        memory.Clear();
        ending.Dispose();
    }

    /// <summary>One job that cannot be carried out here is no reason to leave all others alone.</summary>
    private bool TryTakeOver(JobRecord record)
    {
        try
        {
            Start(new JobRun(record.JobId, record.Plan, environment) { Record = record });
            environment.Log.LogInformation("Job {Job} is taken over.", record.JobId);
            return true;
        }
        catch (Exception error) when (error is InvalidArrayException or ArgumentException or ArithmeticException)
        {
            environment.Log.LogError("Job {Job} cannot be taken over: {Reason} hint: see that this coordinator has the stores of the "
                + "one before, and start it anew", record.JobId, error.Message);
            return false;
        }
    }
}
