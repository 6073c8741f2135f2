using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Upweave.ServiceDefaults.Tracing;

/// <summary>
/// Which spans are exported: all of jobs, and of tiles a share, chosen by their trace's identity. The spans of the other tiles are
/// made all the same, and not marked as recorded: <see cref="TileTail"/> decides about them when they end.
/// </summary>
/// <param name="share">Of tiles, from 0 to 1.</param>
internal sealed class TileSampler(double share) : Sampler
{
    private readonly TraceIdRatioBasedSampler ratio = new(share);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        ActivityContext parent = samplingParameters.ParentContext;
        bool isRoot = parent.TraceId == default;
        if (isRoot && samplingParameters.Name == TelemetryNames.TileSpan)
            return Decide(ratio.ShouldSample(samplingParameters).Decision == SamplingDecision.RecordAndSample);

        // What is inside a tile goes with it. Whoever asks for a job may keep its own trace to itself; the job's is kept.
        bool isInside = !isRoot && !parent.IsRemote;
        return Decide(!isInside || (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0);
    }

    private static SamplingResult Decide(bool isExported) =>
        new(isExported ? SamplingDecision.RecordAndSample : SamplingDecision.RecordOnly);
}
