using System.Text;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

/// <summary>What the staged files of every kind of store do.</summary>
public abstract class StagedFileContract
{
    protected const string Plan = "0123456789abcdef0123456789abcdef";
    protected const string OtherPlan = "00000000000000000000000000000002";

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected static StagedBlock[] Blocks { get; } = [new(0, 0, 4), new(1, 4, 3), new(2, 7, 5)];

    protected static string[] Contents { get; } = ["head", "abc", "defgh"];

    [Fact]
    public async Task Commit_BlocksStagedInAnyOrderByTwoWriters_PublishesTheFile()
    {
        Assert.True(await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        await StageAsync(Open(), 2, 0);
        await StageAsync(Open(), 1, 1, 2);
        Assert.Null(await PublishedAsync());
        Assert.False(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        Assert.Equal("headabcdefgh", await PublishedAsync());
        Assert.True(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        await Open().DiscardAsync(Cancelled);
        Assert.Equal("headabcdefgh", await PublishedAsync());
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task List_AfterRestart_GivesWhatWasStagedByThisOwner()
    {
        await StageAsync(Open(), 0, 2);
        await StageAsync(Open(OtherPlan), 1);
        Assert.Equal([Blocks[0], Blocks[2]], (await Open().ListAsync(Cancelled)).OrderBy(block => block.Index));
        await Open(OtherPlan).DiscardAsync(Cancelled);
        Assert.Equal(2, (await Open().ListAsync(Cancelled)).Count);
        Assert.Empty(await Open(new string('3', 32)).ListAsync(Cancelled));
    }

    [Fact]
    public async Task Commit_BlockMissing_NamesItAndPublishesNothing()
    {
        await StageAsync(Open(), 0, 2);
        BlocksMissingException error = await Assert.ThrowsAsync<BlocksMissingException>(async () => await CommitAsync());
        Assert.Contains("Block 1", error.Message, StringComparison.Ordinal);
        Assert.Null(await PublishedAsync());
        await StageAsync(Open(), 1);
        Assert.True(await CommitAsync());
    }

    [Fact]
    public async Task Commit_BlockOfAnotherPlan_IsMissing()
    {
        await StageAsync(Open(), 0, 2);
        await StageAsync(Open(OtherPlan), 1);
        await Assert.ThrowsAsync<BlocksMissingException>(async () => await CommitAsync());
    }

    [Fact]
    public async Task Commit_BlocksWithAGap_IsAnArgumentError()
    {
        await StageAsync(Open(), 0, 1, 2);
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Open().CommitAsync([Blocks[0], Blocks[2]], WriteCondition.Always, Cancelled));
    }

    [Fact]
    public async Task Commit_MoreBlocksThanAFileCanHave_IsAnArgumentError() => await Assert.ThrowsAnyAsync<ArgumentException>(
        async () => await Open().CommitAsync(
            [.. Enumerable.Range(0, 50_001).Select(index => new StagedBlock(index, index, 1))], WriteCondition.IfAbsent, Cancelled));

    [Fact]
    public async Task Commit_ConditionDoesNotHold_KeepsTheBlocks()
    {
        string etag = await WriteOldAsync();
        await StageAsync(Open(), 0, 1, 2);
        Assert.False(await CommitAsync(WriteCondition.IfAbsent));
        Assert.False(await CommitAsync(WriteCondition.IfMatch("1-1")));
        Assert.Equal("old", await PublishedAsync());
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
        Assert.Equal("headabcdefgh", await PublishedAsync());
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
    }

    [Fact]
    public async Task Commit_PinnedFileChanged_IsRefused()
    {
        string etag = await WriteOldAsync();
        await StageAsync(Open(), 0, 1, 2);
        await WriteOldAsync("newer");
        Assert.False(await CommitAsync(WriteCondition.IfMatch(etag)));
        Assert.Equal("newer", await PublishedAsync());
    }

    [Fact]
    public async Task Commit_ByManyAtOnce_PublishesOnce()
    {
        await StageAsync(Open(), 0, 1, 2);
        bool[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await CommitAsync())));
        Assert.All(results, Assert.True);
        Assert.Equal("headabcdefgh", await PublishedAsync());
    }

    [Fact]
    public async Task Commit_TwoPlansForOneDestination_TheSecondIsRefused()
    {
        await StageAsync(Open(), 0, 1, 2);
        await StageAsync(Open(OtherPlan), 0, 1, 2);
        Assert.True(await CommitAsync());
        Assert.False(await Open(OtherPlan).CommitAsync(Blocks, WriteCondition.IfAbsent, Cancelled));
        Assert.False(await Open(OtherPlan).IsCommittedAsync(Cancelled));
    }

    [Fact]
    public async Task Stage_TwiceAndAfterCommit_ChangesNothing()
    {
        await StageAsync(Open(), 0, 1, 1, 2);
        Assert.True(await CommitAsync());
        await Open().StageAsync(Blocks[1], "xyz"u8.ToArray(), Cancelled);
        Assert.True(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        Assert.Equal("headabcdefgh", await PublishedAsync());
    }

    [Fact]
    public async Task Discard_StagedBlocks_LeavesNothing()
    {
        await Open().DiscardAsync(Cancelled);
        await StageAsync(Open(), 0, 1, 2);
        await Open().DiscardAsync(Cancelled);
        Assert.Empty(await Open().ListAsync(Cancelled));
        Assert.Null(await PublishedAsync());
        Assert.Empty(await LeftAsync());
        await Open().DiscardAsync(Cancelled);
    }

    [Fact]
    public async Task Discard_OldFileAtTheDestination_StaysAsItIs()
    {
        await WriteOldAsync();
        await StageAsync(Open(), 0, 1);
        await Open().DiscardAsync(Cancelled);
        Assert.Equal("old", await PublishedAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a b")]
    public void StageFile_OwnerNotLettersAndDigits_IsRefused(string owner) =>
        Assert.Throws<ArgumentException>(() => Reopen().StageFile("out", owner));

    [Fact]
    public async Task Stage_BlockOutOfRange_IsRefused()
    {
        IStagedFile file = Open();
        StagedBlock[] bad = [new(50_000, 0, 1), new(-1, 0, 1), new(0, -1, 1), new(0, 0, 2)];
        foreach (StagedBlock block in bad)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await file.StageAsync(block, new byte[1], Cancelled));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await file.StageAsync(new StagedBlock(0, 0, 0), default, Cancelled));
        await file.StageAsync(new StagedBlock(49_999, 7, 1), new byte[1], Cancelled);
        Assert.Equal([new StagedBlock(49_999, 7, 1)], await file.ListAsync(Cancelled));
    }

    /// <summary>The same store by another object, as another process has it.</summary>
    protected abstract IObjectStore Reopen();

    /// <summary>What is staged for the destination, by whomever, once it should be nothing.</summary>
    protected abstract Task<IEnumerable<string>> LeftAsync();

    protected IStagedFile Open(string owner = Plan) => Reopen().StageFile("out", owner);

    protected static async Task StageAsync(IStagedFile file, params int[] blocks)
    {
        foreach (int block in blocks)
        {
            await file.StageAsync(Blocks[block], Encoding.ASCII.GetBytes(Contents[block]), Cancelled);
        }
    }

    protected async Task<bool> CommitAsync(WriteCondition? condition = null) =>
        await Open().CommitAsync(Blocks, condition ?? WriteCondition.IfAbsent, Cancelled);

    /// <summary>Puts somebody else's file at the destination.</summary>
    /// <returns>Its ETag.</returns>
    protected async Task<string> WriteOldAsync(string content = "old")
    {
        await Reopen().WriteAsync("out", Encoding.ASCII.GetBytes(content), WriteCondition.Always, Cancelled);
        return (await Reopen().StatAsync("out", Cancelled))!.ETag;
    }

    protected async Task<string?> PublishedAsync()
    {
        IObjectStore store = Reopen();
        if (await store.StatAsync("out", Cancelled) is not { } info)
            return null;
        byte[] content = new byte[info.Length];
        await store.ReadAsync("out", 0, content, info.ETag, Cancelled);
        return Encoding.ASCII.GetString(content);
    }
}
