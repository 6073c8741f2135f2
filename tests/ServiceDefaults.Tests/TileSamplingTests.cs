using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Upweave.ServiceDefaults.Tracing;

namespace Upweave.ServiceDefaults.Tests;

/// <summary>Which spans leave the process.</summary>
public sealed class TileSamplingTests : IDisposable
{
    private readonly ActivitySource source = new($"sampling-{Guid.NewGuid():N}");
    private readonly List<Activity> exported = [];

    [Fact]
    public void Tiles_OfAShare_AreExportedWhole()
    {
        using (Provide(share: 0.02))
        {
            for (int tile = 0; tile < 10_000; tile++)
            {
                RunTile(failed: false);
            }
        }

        // 200 expected; six standard deviations are 84. Identities are random: the seed is not ours to set.
        Assert.InRange(exported.Count(span => span.OperationName == "tile"), 116, 284);
        Assert.All(exported, span => Assert.True(span.Recorded));
        foreach (IGrouping<ActivityTraceId, Activity> trace in exported.GroupBy(span => span.TraceId))
        {
            Assert.Equal(["read", "write", "tile"], trace.Select(span => span.OperationName));
        }
    }

    [Fact]
    public void Tile_Failed_IsExportedWhole()
    {
        using (Provide(share: 0))
        {
            RunTile(failed: false);
            RunTile(failed: true);
            RunTile(failed: false);
        }

        Assert.Equal(["read", "write", "tile"], exported.Select(span => span.OperationName));
        Assert.Equal(ActivityStatusCode.Error, exported[2].Status);
        Assert.All(exported, span => Assert.True(span.Recorded));
        Assert.All(exported[..2], span => Assert.Equal(exported[2].SpanId, span.ParentSpanId));
    }

    [Fact]
    public void Tile_MuchSlowerThanOthers_IsExportedWhole()
    {
        using (Provide(share: 0))
        {
            for (int tile = 0; tile < SlowTiles.Least; tile++)
            {
                RunTile(failed: false, seconds: 1);
            }

            RunTile(failed: false, seconds: 3);
            RunTile(failed: false, seconds: 10);
        }

        Assert.Equal(["read", "write", "tile"], exported.Select(span => span.OperationName));
        Assert.Equal(TimeSpan.FromSeconds(10), exported[2].Duration);
    }

    [Fact]
    public void Job_IsAlwaysExported_WhateverTheSenderDecided()
    {
        using (Provide(share: 0))
        {
            ActivityContext sender = new(
                ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);
            using Activity? submit = source.StartActivity("submit", ActivityKind.Consumer, sender);
            using Activity? job = source.StartActivity("job");
        }

        Assert.Equal(["job", "submit"], exported.Select(span => span.OperationName));
    }

    /// <summary>A phase can outlast its tile: one that was given up while it computed.</summary>
    [Fact]
    public void Phase_EndsAfterItsTile_IsDropped()
    {
        using (Provide(share: 0))
        {
            Activity tile = source.StartActivity("tile")!;
            Activity phase = source.StartActivity("compute", ActivityKind.Internal, tile.Context)!;
            tile.SetStatus(ActivityStatusCode.Error);
            tile.Stop();
            phase.Stop();
        }

        Assert.Equal(["tile"], exported.Select(span => span.OperationName));
    }

    public void Dispose() => source.Dispose();

    private TracerProvider Provide(double share) => Sdk.CreateTracerProviderBuilder()
        .AddSource(source.Name).SetSampler(new TileSampler(share)).AddProcessor(new TileTail(new Export(exported))).Build();

    private void RunTile(bool failed, double seconds = 1)
    {
        DateTime start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Activity.Current = null;
        using Activity tile = source.StartActivity("tile", ActivityKind.Internal, default(ActivityContext), startTime: start)!;
        foreach (string phase in new[] { "read", "write" })
        {
            source.StartActivity(phase, ActivityKind.Internal, tile.Context)!.Dispose();
        }

        if (failed)
            tile.SetStatus(ActivityStatusCode.Error);
        tile.SetEndTime(start + TimeSpan.FromSeconds(seconds));
    }

    /// <summary>Takes what is recorded, as the exporters' processors do.</summary>
    private sealed class Export(List<Activity> exported) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Recorded)
                exported.Add(data);
        }
    }
}
