using System.Text;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

/// <summary>What the staged trees of every kind of store do.</summary>
public abstract class StagedTreeContract
{
    protected const string Plan = "0123456789abcdef0123456789abcdef";
    protected const string OtherPlan = "00000000000000000000000000000002";

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_PartsByTwoWriters_PublishesTheTree()
    {
        Assert.True(await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        await StageAsync("c/0", "c/1/2");
        await StageAsync("c/0");
        Assert.Equal(["c/0", "c/1/2"], await ListAsync());
        Assert.Null(await Reopen().StatAsync("out/zarr.json", Cancelled));
        Assert.False(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync(WriteCondition.IfAbsent));
        await AssertPublishedAsync("c/0", "c/1/2");
        Assert.True(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        Assert.True(await CommitAsync(WriteCondition.IfAbsent));
        await Open().DiscardAsync(Cancelled);
        await AssertPublishedAsync("c/0", "c/1/2");
        Assert.Empty(await FilesAsync("out.upweave"));
    }

    [Fact]
    public async Task List_PartsOfAnotherOwner_DoNotCount()
    {
        await StageAsync("c/0");
        await Open(OtherPlan).WriteAsync("c/1", "x"u8.ToArray(), Cancelled);
        Assert.Equal(["c/0"], await ListAsync());
        await Open(OtherPlan).DiscardAsync(Cancelled);
        Assert.Equal(["c/0"], await ListAsync());
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("c//0")]
    public async Task Write_KeyThatLeavesTheTree_IsRefused(string key) => await Assert.ThrowsAsync<InvalidArrayException>(
        async () => await Open().WriteAsync(key, new byte[1], Cancelled));

    [Fact]
    public async Task Write_EmptyPart_IsRefused() => await Assert.ThrowsAsync<ArgumentException>(
        async () => await Open().WriteAsync("c/0", default, Cancelled));

    [Theory]
    [InlineData("out/zarr.json")]
    [InlineData("out/mine.txt")]
    [InlineData("out")]
    public async Task PrepareAndCommit_IfAbsent_SomethingAtTheDestinationRefuses(string there)
    {
        await PutAsync(there, "somebody's");
        Assert.False(await PrepareAndCommitAsync(WriteCondition.IfAbsent, "c/0"));
        Assert.Equal("somebody's", await ReadAsync(there));
        await Reopen().DeleteAsync(there, Cancelled);
        await Reopen().DeleteAllAsync("out", Cancelled);
        Assert.True(await PrepareAndCommitAsync(WriteCondition.IfAbsent, "c/0"));
        await AssertPublishedAsync("c/0");
    }

    [Fact]
    public async Task PrepareAndCommit_IfMatch_ReplacesTheOldTree()
    {
        await PutAsync("out/zarr.json", "old");
        await PutAsync("out/c/0", "old");
        await PutAsync("out/c/9", "old");
        string etag = (await Reopen().StatAsync("out/zarr.json", Cancelled))!.ETag;
        Assert.False(await PrepareAndCommitAsync(WriteCondition.IfMatch(etag + "0"), "c/0"));
        Assert.Equal("old", await ReadAsync("out/c/9"));
        Assert.True(await PrepareAndCommitAsync(WriteCondition.IfMatch(etag), "c/0"));
        await AssertPublishedAsync("c/0");
        Assert.True(await PrepareAndCommitAsync(WriteCondition.IfMatch(etag)));
        await AssertPublishedAsync("c/0");
    }

    [Fact]
    public async Task Discard_StagedParts_LeavesNothing()
    {
        await Open().DiscardAsync(Cancelled);
        Assert.True(await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        await StageAsync("c/0", "c/1");
        await Open().DiscardAsync(Cancelled);
        Assert.Empty(await ListAsync());
        Assert.Empty(await FilesAsync("out"));
        Assert.Empty(await FilesAsync("out.upweave"));
        await Open().DiscardAsync(Cancelled);
    }

    [Fact]
    public async Task Commit_ByManyAtOnce_PublishesOnce()
    {
        await StageAsync("c/0");
        bool[] results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await CommitAsync(WriteCondition.IfAbsent))));
        Assert.All(results, Assert.True);
        await AssertPublishedAsync("c/0");
    }

    /// <summary>The same store by another object, as another process has it.</summary>
    protected abstract IObjectStore Reopen();

    protected IStagedTree Open(string owner = Plan) => Reopen().StageTree("out", owner, "zarr.json");

    protected async Task StageAsync(params string[] keys)
    {
        foreach (string key in keys)
        {
            await Open().WriteAsync(key, Encoding.ASCII.GetBytes(key), Cancelled);
        }
    }

    protected async Task<List<string>> ListAsync()
    {
        List<string> keys = [];
        await foreach (string key in Open().ListAsync(Cancelled))
        {
            keys.Add(key);
        }

        return [.. keys.Order(StringComparer.Ordinal)];
    }

    protected async Task<bool> CommitAsync(WriteCondition condition) =>
        await Open().CommitAsync("{}"u8.ToArray(), condition, Cancelled);

    /// <summary>As a job does it; false where either says so.</summary>
    protected async Task<bool> PrepareAndCommitAsync(WriteCondition condition, params string[] keys)
    {
        if (!await Open().PrepareAsync(condition, Cancelled))
            return false;
        await StageAsync(keys);
        return await CommitAsync(condition);
    }

    protected async Task AssertPublishedAsync(params string[] keys)
    {
        string[] files = await FilesAsync("out");
        Assert.Equal([.. keys.Select(key => "out/" + key), "out/zarr.json"], files);
        Assert.Equal("{}", await ReadAsync("out/zarr.json"));
        foreach (string key in keys)
        {
            Assert.Equal(key, await ReadAsync("out/" + key));
        }
    }

    protected async Task PutAsync(string path, string content) =>
        await Reopen().WriteAsync(path, Encoding.ASCII.GetBytes(content), WriteCondition.Always, Cancelled);

    protected async Task<string> ReadAsync(string path)
    {
        ObjectInfo info = (await Reopen().StatAsync(path, Cancelled))!;
        byte[] content = new byte[info.Length];
        await Reopen().ReadAsync(path, 0, content, info.ETag, Cancelled);
        return Encoding.ASCII.GetString(content);
    }

    protected async Task<string[]> FilesAsync(string folder)
    {
        List<string> files = [];
        await foreach (ObjectInfo info in Reopen().ListAsync(folder, Cancelled))
        {
            files.Add(info.Path);
        }

        return [.. files.Order(StringComparer.Ordinal)];
    }
}
