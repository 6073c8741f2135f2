using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Jobs;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Fleet;

/// <summary>
/// A job of very many tiles on thousands of workers of which some die. <c>bench/coordinator</c> runs it with ten million tiles and five
/// thousand workers.
/// </summary>
[Collection(TelemetryCollection.Name)]
public sealed class FleetTests
{
    /// <summary>By the design, beside what does not grow with the job.</summary>
    private const int BytesPerTile = 16;
    private const long BytesFixed = 64L << 20;

    [Fact]
    public async Task Job_ManyTilesOnAFleetThatDies_CostsFewBytesAndTheSameTimeForEachMessage()
    {
        int rows = (int)Number("UPWEAVE_FLEET_ROWS", 400);
        int columns = (int)Number("UPWEAVE_FLEET_COLUMNS", 500);
        int workers = (int)Number("UPWEAVE_FLEET_WORKERS", 500);
        int perRun = (int)Number("UPWEAVE_FLEET_TILES_PER_RUN", 4);
        long tiles = (long)rows * columns;
        using JobFolder folder = new();
        JobPlan plan = await PlanAsync(folder, rows, columns, perRun);
        Assert.Equal(tiles, plan.Prediction.Tiles);
        using FleetTime time = new();
        FleetBus bus = new(tiles, workers, time, seed: 5);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        JobEnvironment environment = new(
            folder.Stores, bus,
            Options.Create(new CoordinatorOptions { WindowRuns = CoordinatorOptions.FleetWindowRuns, AttemptsMax = CoordinatorOptions.FleetAttemptsMax }),
            time, NullLogger<JobService>.Instance);
        bus.Job = new JobRun(Guid.NewGuid(), plan, environment);
        long heap = 0;
        List<(long Messages, TimeSpan Spent)> marks = [];
        using Process process = Process.GetCurrentProcess();
        Stopwatch watch = Stopwatch.StartNew();
        Task run = bus.Job.RunAsync(TestContext.Current.CancellationToken);
        await bus.PlayAsync(
            done =>
            {
                if (done < tiles * (marks.Count + 1) / 10)
                    return;
                marks.Add((bus.Messages, process.TotalProcessorTime));
                if (marks.Count == 5)
                    heap = GC.GetTotalMemory(forceFullCollection: true) - before;
            },
            TestContext.Current.CancellationToken);
        await run;
        watch.Stop();
        JobCompleted completed = Assert.IsType<JobCompleted>(bus.End);
        Assert.Equal(tiles, completed.Summary.TilesComputed);

        // Microseconds of each tenth but the first, which compiles: work that grows with the tiles would show at either end.
        double[] costs = [.. marks.Skip(1).Zip(marks, (to, from) => (to.Spent - from.Spent).TotalMicroseconds / (to.Messages - from.Messages))];
        process.Refresh();
        string tenths = string.Join(" ", costs.Select(cost => cost.ToString("F1", CultureInfo.InvariantCulture)));
        string report = string.Create(CultureInfo.InvariantCulture, $"""
            {tiles:N0} tiles in runs of {perRun}, {workers:N0} workers: {bus.Now.TotalSeconds:N0} s of the simulated clock, {watch.Elapsed.TotalSeconds:F1} s real
            messages to and from workers: {bus.Messages:N0}; workers lost with a run: {bus.Deaths:N0}; reports lost: {bus.LostReports:N0}
            workers at work at the same time, at most: {bus.BusyMax:N0}; runs in the queue, at most: {bus.WaitingMax:N0}
            memory of the job in the middle of it: {heap / 1048576.0:F1} MiB, {(double)heap / tiles:F1} bytes for each tile
            peak memory of the process, the simulated fleet and the test's own included: {process.PeakWorkingSet64 / 1048576.0:F0} MiB
            processor time for each message, the simulation included, in microseconds by tenths of the job: {tenths}
            """);
        TestContext.Current.TestOutputHelper!.WriteLine(report);
        if (Environment.GetEnvironmentVariable("UPWEAVE_FLEET_REPORT") is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, report + "\n", TestContext.Current.CancellationToken);
            Assert.True(process.PeakWorkingSet64 < 300L << 20, report);
        }

        Assert.True(bus.Deaths > 10 && bus.LostReports > 0, report);
        Assert.True(bus.BusyMax > workers / 2, report);
        Assert.True(heap < (BytesPerTile * tiles) + BytesFixed, report);
    }

    private static double Number(string variable, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out double number) ? number : otherwise;

    /// <summary>Tiles of 8 x 8 bytes; nobody reads the input, which is all holes.</summary>
    private static async Task<JobPlan> PlanAsync(JobFolder folder, int rows, int columns, int perRun)
    {
        folder.WriteNpy("in.npy", "|u1", [4 * rows, 4 * columns], []);
        using (FileStream file = File.OpenWrite(folder.FileOf("in.npy")))
        {
            file.SetLength(file.Length + (16L * rows * columns));
        }

        JobPlan plan = await Plans.MakeAsync(folder, Plans.Nearest("s/in.npy", "s/out.zarr", [8, 8]));
        plan = plan with { TilesPerRun = perRun };
        return plan with { Hash = Upweave.Contracts.ContractJson.Hash(plan) };
    }
}
