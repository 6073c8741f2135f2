using System.Diagnostics;

namespace Upweave.Coordinator.Jobs;

/// <summary>
/// Where the spans of a job hang, whoever runs it: the span of the request that it began with, in W3C's form. That one ends when the job
/// has been accepted, so it is exported while there is somebody to export it; a span that lasts as long as the job goes with its process.
/// </summary>
public sealed record JobTrace
{
    /// <summary>The longest <c>tracestate</c> that is kept, in characters: what W3C's recommendation asks everybody to pass on.</summary>
    public const int StateMax = 512;

    /// <summary>W3C's <c>traceparent</c>.</summary>
    public string? Parent { get; init; }

    /// <summary>W3C's <c>tracestate</c>; null where there is none.</summary>
    public string? State { get; init; }

    /// <summary>The span; <c>default</c> when what was kept is none.</summary>
    internal ActivityContext Context =>
        ActivityContext.TryParse(Parent, State, isRemote: true, out ActivityContext context) ? context : default;

    /// <summary>The span of what goes on just now; null when nobody traces.</summary>
    public static JobTrace? OfCurrentSpan() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } span
        ? new JobTrace { Parent = span.Id, State = span.TraceStateString is { Length: <= StateMax } state ? state : null }
        : null;
}
