using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

public sealed class LocalStagedTreeTests : StagedTreeContract, IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task List_ForeignOwnerEmptyAndTemporaryParts_DoNotCount()
    {
        await StageAsync("c/0");
        await Open(OtherPlan).WriteAsync("c/1", "x"u8.ToArray(), Cancelled);
        folder.Write($"out.upweave/{Plan}/tree/c/2", []);
        folder.Write($"out.upweave/{Plan}/tree/c/.upweave-3", "x"u8);
        Assert.Equal(["c/0"], await ListAsync());
    }

    [Fact]
    public async Task Commit_IfAbsent_AnythingAtTheDestinationRefuses()
    {
        await StageAsync("c/0");
        Directory.CreateDirectory(folder.At("out"));
        Assert.False(await CommitAsync(WriteCondition.IfAbsent));
        folder.Write("out/mine.txt", "x"u8);
        Assert.False(await CommitAsync(WriteCondition.IfAbsent));
        Directory.Delete(folder.At("out"), recursive: true);
        folder.Write("out", "x"u8);
        Assert.False(await CommitAsync(WriteCondition.IfAbsent));
        File.Delete(folder.At("out"));
        Assert.Equal(["c/0"], await ListAsync());
        Assert.True(await CommitAsync(WriteCondition.IfAbsent));
    }

    [Fact]
    public async Task Commit_FolderThatIsNoTree_IsNeverReplaced()
    {
        await StageAsync("c/0");
        folder.Write("out/mine.txt", "x"u8);
        Assert.False(await CommitAsync(WriteCondition.Always));
        Assert.False(await CommitAsync(WriteCondition.IfMatch("1-1")));
        Assert.True(File.Exists(folder.At("out/mine.txt")));
    }

    [Theory]
    [InlineData("out/zarr.json")]
    [InlineData("out")]
    public async Task Commit_IfMatch_ReplacesTheOldTreeOrFile(string published)
    {
        await StageAsync("c/0");
        folder.Write(published, "old"u8);
        if (published != "out")
            folder.Write("out/c/9", "old"u8);
        string etag = (await folder.Store.StatAsync(published, Cancelled))!.ETag;
        Assert.False(await CommitAsync(WriteCondition.IfMatch(etag + "0")));
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
        await AssertPublishedAsync("c/0");
        Assert.False(Path.Exists(folder.At($"out.upweave/{Plan}/old")));
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Commit_CrashedAtEachStepOfReplacing_IsFinishedByTheNext(int steps)
    {
        await StageAsync("c/0");
        folder.Write("out/zarr.json", "old"u8);
        folder.Write("out/c/9", "old"u8);
        string etag = (await folder.Store.StatAsync("out/zarr.json", Cancelled))!.ETag;
        string staging = folder.At($"out.upweave/{Plan}");
        folder.Write($"out.upweave/{Plan}/tree/zarr.json", "{}"u8);
        Directory.Move(Path.Combine(staging, "tree"), Path.Combine(staging, "sealed"));
        if (steps > 0)
            folder.Write($"out.upweave/{Plan}/publishing", []);
        if (steps > 1)
            Directory.Move(folder.At("out"), Path.Combine(staging, "old"));
        if (steps > 2)
            Directory.Move(Path.Combine(staging, "sealed"), folder.At("out"));
        Assert.Equal(steps > 2, await Open().IsCommittedAsync(Cancelled));
        if (steps <= 2)
            Assert.Equal(["c/0", "zarr.json"], await ListAsync());
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
        await AssertPublishedAsync("c/0");
        Assert.False(Path.Exists(Path.Combine(staging, "old")));
        Assert.True(await Open().IsCommittedAsync(Cancelled));
    }

    [Fact]
    public async Task Commit_SomethingNewAppearedAfterTheCrash_IsNotReplaced()
    {
        await StageAsync("c/0");
        string staging = folder.At($"out.upweave/{Plan}");
        Directory.Move(Path.Combine(staging, "tree"), Path.Combine(staging, "sealed"));
        folder.Write($"out.upweave/{Plan}/publishing", []);
        folder.Write($"out.upweave/{Plan}/old/zarr.json", "old"u8);
        folder.Write("out/zarr.json", "somebody else's"u8);
        Assert.False(await CommitAsync(WriteCondition.IfMatch("3-1")));
        Assert.Equal("somebody else's", await File.ReadAllTextAsync(folder.At("out/zarr.json"), Cancelled));
    }

    [Fact]
    public async Task Write_AfterCommit_ChangesNothing()
    {
        await StageAsync("c/0");
        await CommitAsync(WriteCondition.IfAbsent);
        await StageAsync("c/7");
        // What a writer leaves that had been stopped since before the commit.
        folder.Write($"out.upweave/{Plan}/tree/c/8", "late"u8);
        Assert.True(await CommitAsync(WriteCondition.IfAbsent));
        await AssertPublishedAsync("c/0");
    }

    protected override IObjectStore Reopen() => new LocalStore(folder.Root);
}
