using Microsoft.Extensions.Logging;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Standby;

/// <summary>
/// The active coordinator: it goes on with the jobs that the records name, then reads the queues. In this order, so that a report finds
/// its job; what was reported before is found in the outputs' stores.
/// </summary>
public sealed class ActiveTerm(JobService jobs, IActiveEndpoints endpoints, ILogger<ActiveTerm> log) : IActiveTerm
{
    public async Task RunAsync(CancellationToken ending)
    {
        try
        {
            int resumed = await jobs.ResumeAsync(ending);
            await endpoints.ConnectAsync(ending);
            log.LogInformation("This coordinator is the active one; {Jobs} job(s) go on.", resumed);
            await Task.Delay(Timeout.InfiniteTimeSpan, ending);
        }
        finally
        {
            await Task.WhenAll(jobs.LeaveAsync(), endpoints.DisconnectAsync());
            log.LogInformation("This coordinator stands by.");
        }
    }
}
