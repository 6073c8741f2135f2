using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Upweave.Planning;
using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;
using Upweave.Tiling;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Previews;

/// <summary>
/// Draws the small picture that people see behind the map of a job's tiles. It takes little of what the job reads, and where that is not
/// enough there is none: a job never fails for it.
/// </summary>
public sealed class PreviewService(IOptions<WorkerOptions> options, TimeProvider time, ILogger<PreviewService> log)
{
    /// <summary>The share of what a job reads that may be read for its picture.</summary>
    private const double ReadShare = 0.01;

    /// <summary>What may be read for it however small the job is, in bytes.</summary>
    private const long ReadLeast = 16L << 20;

    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(30);

    /// <summary>Pixels of the longest side, and the most planes: the first that can be afforded is drawn.</summary>
    private static readonly (int Side, int Planes)[] Sizes =
        [(384, 1), (256, 1), (192, 16), (128, 16), (96, 16), (64, 16), (48, 16), (32, 16)];

    /// <summary>Draws it, unless it is there.</summary>
    public async Task DrawAsync(JobContext job, StoreLocation output, CancellationToken cancellationToken)
    {
        int planes = options.Value.DrawsPreviews ? JobPreview.PlanesOf(job.Geometry) : 0;
        if (planes == 0)
            return;
        string path = JobPaths.Preview(output.Path, job.Plan.Hash);
        try
        {
            if (Choose(job, planes) is not { } strip)
                return;
            using CancellationTokenSource limit = new(TimeMax, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            if (await output.Store.StatAsync(path, both.Token) is not null)
                return;
            byte[] png = await strip.PngAsync(both.Token);
            if (png.Length <= JobPreview.BytesMax)
                await output.Store.WriteAsync(path, png, WriteCondition.IfAbsent, both.Token);
        }
        catch (Exception error)
        {
            log.LogInformation("No picture of {Output} was drawn: {Reason}", job.Plan.Output.Reference, error.Message);
        }
    }

    private static PreviewStrip? Choose(JobContext job, int planes)
    {
        long budget = Math.Max(ReadLeast, (long)(ReadShare * job.Plan.Prediction.BytesRead));
        Box area = JobPreview.AreaOf(job.Geometry);
        foreach ((int side, int most) in Sizes)
        {
            PreviewStrip strip = new(job.Reader, job.Plan.Input.Axes, area, SizeOf(job, area, side, planes));
            if (planes <= most && strip.Cost <= budget)
                return strip;
        }

        return null;
    }

    /// <summary>In the proportions of the output, and with no more pixels than there are elements.</summary>
    private static PreviewSize SizeOf(JobContext job, Box area, int side, int planes)
    {
        Dims shape = job.Geometry.Tiles.Shape;
        double pixel = (double)Math.Max(shape[^1], shape[^2]) / side;
        int Pixels(Index axis) => (int)Math.Clamp(Math.Round(shape[axis.GetOffset(shape.Count)] / pixel), 1,
            area.Shape[axis.GetOffset(area.Rank)]);
        return new PreviewSize(planes, Pixels(^2), Pixels(^1));
    }
}
