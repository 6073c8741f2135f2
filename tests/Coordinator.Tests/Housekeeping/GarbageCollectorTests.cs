using Upweave.Coordinator.Housekeeping;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Tests.Jobs;
using Upweave.Planning;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Tests.Housekeeping;

/// <summary>Leftovers of jobs in a folder whose files are made to look old.</summary>
public sealed class GarbageCollectorTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Theory]
    [InlineData("out.npy")]
    [InlineData("out.zarr")]
    public async Task RunAsync_JobWithoutProgressForAWeek_IsRemoved(string output)
    {
        using JobScene scene = await BegunAsync(output);
        string[] before = scene.Folder.Files;
        Age(scene, Week + TimeSpan.FromMinutes(1));
        long bytes = before.Where(file => file != "in.npy").Sum(file => new FileInfo(scene.Folder.FileOf(file)).Length);

        GarbageReport wouldBe = await RunAsync(scene, dryRun: true);
        Assert.Equal(before, scene.Folder.Files);
        GarbageReport report = await RunAsync(scene);
        Assert.Equal(["in.npy"], scene.Folder.Files);
        AbandonedJob job = Assert.Single(report.Removed);
        Assert.Equal((output, scene.Plan.Hash, false, (long)before.Length - 1, bytes), (job.Output, job.Plan, job.Published, job.Objects, job.Bytes));
        Assert.Equal(job, Assert.Single(wouldBe.Removed));
        Assert.Equal(bytes, report.Bytes);
        Assert.Equal((0, true, false), (report.Recent, wouldBe.DryRun, report.DryRun));
        Assert.Empty((await RunAsync(scene)).Removed);
    }

    [Fact]
    public async Task RunAsync_ProgressWithinAWeek_IsLeftAlone()
    {
        using JobScene scene = await BegunAsync("out.npy");
        Age(scene, Week - TimeSpan.FromMinutes(1));
        string[] before = scene.Folder.Files;
        Assert.Equal(1, (await RunAsync(scene)).Recent);
        Assert.Equal(before, scene.Folder.Files);
    }

    [Fact]
    public async Task RunAsync_OldClaimOfAJobAtWork_IsLeftAlone()
    {
        using JobScene scene = await BegunAsync("out.npy");
        Age(scene, 2 * Week);
        await scene.Worker.WriteAsync(5, TestContext.Current.CancellationToken);
        string[] before = scene.Folder.Files;
        GarbageReport report = await RunAsync(scene);
        Assert.Empty(report.Removed);
        Assert.Equal(1, report.Recent);
        Assert.Equal(before, scene.Folder.Files);
    }

    [Theory]
    [InlineData("out.npy")]
    [InlineData("out.zarr")]
    public async Task RunAsync_PublishedAndNotTidied_KeepsTheOutput(string output)
    {
        using JobScene scene = await JobScene.StartAsync(output);
        for (int tile = 0; tile < JobScene.Tiles; tile++)
        {
            await scene.Worker.WriteAsync(tile, TestContext.Current.CancellationToken);
        }

        JobOutput result = new(scene.Plan, new PlanGeometry(scene.Plan), scene.Place);
        Assert.True(await result.CommitAsync(TestContext.Current.CancellationToken));
        Age(scene, 2 * Week);
        string[] published = [.. scene.Folder.Files.Where(file => !file.Contains(".upweave/", StringComparison.Ordinal))];
        Assert.True(Assert.Single((await RunAsync(scene)).Removed).Published);
        Assert.Equal(published, scene.Folder.Files);
        Assert.Contains(published, file => file.StartsWith(output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ClaimIsGone_RemovesWhatPlansLeft()
    {
        using JobScene scene = await BegunAsync("out.npy");
        File.Delete(scene.Folder.FileOf(JobPaths.Plan("out.npy")));
        Write(scene, JobPaths.Checkpoint("out.npy", scene.Plan.Hash));
        Write(scene, JobPaths.ScratchInput("out.npy", scene.Plan.Hash) + "/c/0");
        Age(scene, 2 * Week);
        Assert.Null(Assert.Single((await RunAsync(scene)).Removed).Plan);
        Assert.Equal(["in.npy"], scene.Folder.Files);
    }

    [Fact]
    public async Task RunAsync_FilesOfOthers_Stay()
    {
        using JobScene scene = await BegunAsync("out.npy");
        string[] others =
        [
            "out.npy.upweave/notes.txt", "out.npy.upweave/0123456789abcdef0123456789abcdef.txt", "out.npy.upweave/0123/x",
            "else.upweave/readme", "out.upweave.json", "out.npy.upweave/0123456789ABCDEF0123456789ABCDEF/x",
        ];
        Array.ForEach(others, file => Write(scene, file));
        Age(scene, 2 * Week);
        Assert.Single((await RunAsync(scene)).Removed);
        Assert.Equal(others.Append("in.npy").Order(StringComparer.Ordinal), scene.Folder.Files);
    }

    [Fact]
    public async Task RunAsync_ClaimOfAnotherVersion_IsLeftAndNamed()
    {
        using JobScene scene = await BegunAsync("out.npy");
        await File.WriteAllTextAsync(scene.Folder.FileOf(JobPaths.Plan("out.npy")), "{\"version\":99}", TestContext.Current.CancellationToken);
        Age(scene, 2 * Week);
        string[] before = scene.Folder.Files;
        GarbageReport report = await RunAsync(scene);
        Assert.Empty(report.Removed);
        Assert.Contains("plan.json", Assert.Single(report.Left).Reason, StringComparison.Ordinal);
        Assert.Equal(before, scene.Folder.Files);
    }

    /// <summary>A job of which three tiles are written.</summary>
    private static async Task<JobScene> BegunAsync(string output)
    {
        JobScene scene = await JobScene.StartAsync(output);
        foreach (int tile in new[] { 0, 1, 4 })
        {
            await scene.Worker.WriteAsync(tile, TestContext.Current.CancellationToken);
        }

        return scene;
    }

    private static void Write(JobScene scene, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scene.Folder.FileOf(file))!);
        File.WriteAllText(scene.Folder.FileOf(file), "content");
    }

    private static void Age(JobScene scene, TimeSpan age)
    {
        foreach (string file in scene.Folder.Files)
        {
            File.SetLastWriteTimeUtc(scene.Folder.FileOf(file), DateTime.UtcNow - age);
        }
    }

    private static Task<GarbageReport> RunAsync(JobScene scene, bool dryRun = false) => new GarbageCollector(Week, dryRun)
        .RunAsync(new StoreLocation(scene.Place.Store, ""), TestContext.Current.CancellationToken);
}
