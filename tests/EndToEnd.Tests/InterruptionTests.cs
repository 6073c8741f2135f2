using System.Text.Json;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>Processes that are stopped in the middle of a job, and what the next one makes of it.</summary>
public sealed class InterruptionTests(HeavyJob job) : IClassFixture<HeavyJob>, IDisposable
{
    private const ulong Seed = 2605;
    private const int KillsAtRandom = 5;
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("x.npy", "y.npy")]
    [InlineData("x.npy", "y.zarr")]
    [InlineData("x.png", "y.png")]
    public async Task Run_AfterKill_ComputesOnlyWhatIsMissing(string input, string output)
    {
        string command = job.CommandLine(input, output);
        await KillUnderWayAsync(command, output);
        await AssertResumesAsync(command, output);
    }

    [Fact]
    public async Task Run_AfterKillWhilePictureIsWritten_PublishesThePicture()
    {
        string command = job.CommandLine("x.png", "y.png");
        using (UpweaveProcess process = UpweaveProcess.Start(folder.Root, command))
        {
            await process.WaitForErrorLineAsync(line => line.StartsWith("writing picture", StringComparison.Ordinal));
            await process.KillAsync();
        }

        // The picture may have been published just before; then there is nothing to do again.
        if (!File.Exists(folder.At("y.png")))
            await folder.SucceedAsync(command);
        Assert.Equal(job.Hash, await folder.HashAsync("y.png"));
    }

    [Fact]
    public async Task Run_KilledAtRandomAgainAndAgain_EndsWithTheRightOutput()
    {
        string command = job.CommandLine("x.npy", "y.zarr");
        TestRandom random = new(Seed);
        for (int kill = 0; kill < KillsAtRandom && !Directory.Exists(folder.At("y.zarr")); kill++)
        {
            using UpweaveProcess process = UpweaveProcess.Start(folder.Root, command);
            UpweaveResult result = await process.KillAfterAsync(TimeSpan.FromMilliseconds(random.Between(200, 2500)));
            Assert.True(result.ExitCode == 0 || Directory.Exists(folder.At("y.zarr.upweave")) || folder.Entries.Count == 0, $"{Seed}: {result}");
        }

        if (!Directory.Exists(folder.At("y.zarr")))
            await folder.SucceedAsync(command);
        Assert.Equal(job.Hash, await folder.HashAsync("y.zarr"));
    }

    [Fact]
    public async Task Run_Interrupted_EndsWith130AndResumes()
    {
        string command = job.CommandLine("x.npy", "y.npy");
        using (UpweaveProcess process = UpweaveProcess.Start(folder.Root, command))
        {
            await process.WaitForErrorLineAsync(HeavyJob.IsUnderWay);
            UpweaveResult result = await process.InterruptAsync();
            result.AssertExitCode(130);
            Assert.Contains("run the same command again", result.ErrorLines[^1], StringComparison.Ordinal);
        }

        // What was under way is finished in the seconds that a stop may take; on a fast machine that is all of it.
        AssertNotPublished("y.npy");
        await AssertResumesAsync(command, "y.npy", tilesMin: 0);
    }

    [Fact]
    public async Task Run_OtherJobForAClaimedOutput_IsRefused()
    {
        string command = job.CommandLine("x.npy", "y.npy");
        await KillUnderWayAsync(command, "y.npy");
        UpweaveResult other = await folder.RunAsync(command + " --activation relu");
        other.AssertExitCode(2);
        Assert.Contains("claimed by another plan", other.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ", other.Error, StringComparison.Ordinal);
        await AssertResumesAsync(command, "y.npy");
    }

    [Fact]
    public async Task Run_WhileAnotherRuns_IsRefusedAndTheFirstIsRight()
    {
        string command = job.CommandLine("x.npy", "y.npy");
        using UpweaveProcess first = UpweaveProcess.Start(folder.Root, command);
        await first.WaitForErrorLineAsync(HeavyJob.IsUnderWay);
        UpweaveResult second = await folder.RunAsync(command);
        second.AssertExitCode(2);
        Assert.Contains("output: ", second.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ", second.Error, StringComparison.Ordinal);
        (await first.WaitAsync()).AssertSuccess();
        Assert.Equal(["y.npy", "y.npy.upweave.json"], folder.Entries);
        Assert.Equal(job.Hash, await folder.HashAsync("y.npy"));
    }

    private async Task KillUnderWayAsync(string command, string output)
    {
        using UpweaveProcess process = UpweaveProcess.Start(folder.Root, command);
        await process.WaitForErrorLineAsync(HeavyJob.IsUnderWay);
        await process.KillAsync();
        AssertNotPublished(output);
    }

    private void AssertNotPublished(string output)
    {
        Assert.DoesNotContain(output, folder.Entries);
        Assert.Contains(output + ".upweave", folder.Entries);
    }

    private async Task AssertResumesAsync(string command, string output, long tilesMin = 1)
    {
        UpweaveResult resumed = await folder.SucceedAsync(command);
        JsonElement summary = resumed.Json.GetProperty("summary");
        long computed = summary.GetProperty("tiles_computed").GetInt64();
        Assert.InRange(computed, tilesMin, summary.GetProperty("tile_count").GetInt64() - 1);
        Assert.Equal(job.Hash, await folder.HashAsync(output));
        Assert.DoesNotContain(output + ".upweave", folder.Entries);
    }
}
