using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace Upweave.ServiceDefaults.Tracing;

/// <summary>
/// Decides at a tile's end whether its spans are exported although the sampler did not choose it: those of a tile that failed, or
/// was slow. Until then it holds them: a handful for each tile in work. Everything else passes at once.
/// </summary>
internal sealed class TileTail : CompositeProcessor<Activity>
{
    /// <summary>Spans that are held of one tile; it has four.</summary>
    private const int SpansMax = 16;

    private readonly ConcurrentDictionary<ActivityTraceId, ConcurrentQueue<Activity>> held = new();
    private readonly SlowTiles slow = new();

    /// <param name="next">What exports.</param>
    public TileTail(BaseProcessor<Activity> next)
        : base([next])
    {
    }

    public override void OnStart(Activity data)
    {
        if (!data.Recorded && data.ParentSpanId == default)
            held[data.TraceId] = new ConcurrentQueue<Activity>();
        base.OnStart(data);
    }

    public override void OnEnd(Activity data)
    {
        bool isTile = data.ParentSpanId == default && data.OperationName == TelemetryNames.TileSpan;
        bool isSlow = isTile && slow.Note(data.Duration);
        if (data.Recorded)
        {
            base.OnEnd(data);
        }
        else if (data.ParentSpanId != default)
        {
            // One that ends after its tile, which was given up, is of no use any more.
            if (held.TryGetValue(data.TraceId, out ConcurrentQueue<Activity>? siblings) && siblings.Count < SpansMax)
                siblings.Enqueue(data);
        }
        else if (held.TryRemove(data.TraceId, out ConcurrentQueue<Activity>? parts)
            && (isSlow || data.Status == ActivityStatusCode.Error))
        {
            parts.Enqueue(data);
            foreach (Activity span in parts)
            {
                span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
                base.OnEnd(span);
            }
        }
    }
}
