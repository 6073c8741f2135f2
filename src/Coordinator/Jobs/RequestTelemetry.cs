using System.Diagnostics;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator.Jobs;

/// <summary>The span of a request for a job, in the trace of whoever sent it; the job's own is its child.</summary>
internal sealed class RequestTelemetry : IDisposable
{
    private readonly Activity? span;

    private RequestTelemetry(Activity? span) => this.span = span;

    /// <param name="name">E.g. <c>submit</c>.</param>
    /// <param name="traceParent">The sender's span in W3C's form; null, or anything else, where it has none.</param>
    /// <param name="traceState">What goes with it.</param>
    public static RequestTelemetry Start(string name, Guid jobId, string? traceParent, string? traceState = null)
    {
        Activity.Current = null; // a server's own span of the request is not exported, and would be the parent
        ActivityContext.TryParse(traceParent, traceState, isRemote: true, out ActivityContext sender);
        Activity? span = CoordinatorTelemetry.Source.StartActivity(name, ActivityKind.Consumer, sender);
        span?.SetTag(TelemetryNames.JobId, jobId.ToString());
        return new RequestTelemetry(span);
    }

    /// <summary>It was not right: that is the sender's fault, and no error here.</summary>
    public void Rejected() => span?.SetTag(TelemetryNames.JobState, "rejected");

    public void Dispose() => span?.Dispose();
}
