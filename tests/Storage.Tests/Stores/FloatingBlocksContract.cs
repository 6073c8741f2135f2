using System.Text;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

/// <summary>What the staged files of every kind of store do with blocks that have no place of their own.</summary>
public abstract class FloatingBlocksContract
{
    protected const string Plan = "0123456789abcdef0123456789abcdef";
    protected const string OtherPlan = "00000000000000000000000000000002";

    private static readonly string[] Contents = ["", "one", "twelve", "", "4"];

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_BlocksStagedInAnyOrderByTwoWriters_PlacesEach()
    {
        Assert.True(await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        await StageAsync(Open(), 4, 1);
        await StageAsync(Open(), 2, 1);
        Assert.Null(await PublishedAsync());
        Assert.False(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        string published = (await PublishedAsync())!;
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read(published));
        Assert.True(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        await Open().DiscardAsync(Cancelled);
        Assert.Equal(published, await PublishedAsync());
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task List_AfterRestart_GivesThisOwnersBlocksWithTheirNotes()
    {
        await StageAsync(Open(), 1, 4);
        await StageAsync(Open(OtherPlan), 2);
        FloatingBlock[] found = [.. (await Open().ListFloatingAsync(Cancelled)).OrderBy(block => block.Index)];
        Assert.Equal([Block(1, "one"), Block(4, "4")], found);
        byte[] note = found[0].Note.ToArray();
        Assert.Equal("note of one", Encoding.ASCII.GetString(note).TrimEnd('\0'));
        Assert.Empty(await Open().ListAsync(Cancelled));
    }

    [Fact]
    public async Task Commit_BlockMissing_NamesItAndPublishesNothing()
    {
        await StageAsync(Open(), 1, 4);
        await StageAsync(Open(OtherPlan), 2);
        BlocksMissingException error = await Assert.ThrowsAsync<BlocksMissingException>(async () => await CommitAsync());
        Assert.Contains("Block 2", error.Message, StringComparison.Ordinal);
        Assert.Null(await PublishedAsync());
        await StageAsync(Open(), 2);
        Assert.True(await CommitAsync());
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read((await PublishedAsync())!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Commit_AfterACrashInTheTail_HasOneTail(int piecesBefore)
    {
        await StageAsync(Open(), 1, 2, 4);
        TextFrame dying = new(1, 2, 4) { DiesAfter = piecesBefore };
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await Open().CommitFloatingAsync(dying, WriteCondition.IfAbsent, Cancelled));
        Assert.Null(await PublishedAsync());
        await Open().StageFloatingAsync(Block(2, "TWELVE"), "TWELVE"u8.ToArray(), Cancelled);
        Assert.True(await CommitAsync());
        Assert.Contains(TextFrame.Read((await PublishedAsync())!)[1], new[] { "twelve", "TWELVE" });
        await Open().DiscardAsync(Cancelled);
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task Stage_TwiceWithOtherContents_TheFileHasOneOfThemWithItsNote()
    {
        await StageAsync(Open(), 1, 2, 4);
        await Open().StageFloatingAsync(Block(2, "two"), "two"u8.ToArray(), Cancelled);
        await Open().StageFloatingAsync(Block(2, "second"), "second"u8.ToArray(), Cancelled);
        FloatingBlock taken = Assert.Single(await Open().ListFloatingAsync(Cancelled), block => block.Index == 2);
        Assert.True(await CommitAsync());
        string content = TextFrame.Read((await PublishedAsync())!)[1];
        Assert.Contains(content, new[] { "twelve", "two", "second" });
        Assert.Equal(Block(2, content), taken);
    }

    [Fact]
    public async Task Stage_AfterCommit_ChangesNothing()
    {
        await StageAsync(Open(), 1, 2, 4);
        Assert.True(await CommitAsync());
        string? published = await PublishedAsync();
        string etag = (await Reopen().StatAsync("out", Cancelled))!.ETag;
        await Open().StageFloatingAsync(Block(2, "late"), "late"u8.ToArray(), Cancelled);
        Assert.True(await CommitAsync());
        Assert.True(await Open().IsCommittedAsync(Cancelled));
        Assert.Equal(published, await PublishedAsync());
        Assert.Equal(etag, (await Reopen().StatAsync("out", Cancelled))!.ETag);
    }

    [Fact]
    public async Task Stage_ByManyAtOnce_NoTwoOverlap()
    {
        int[] blocks = [.. Enumerable.Range(1, 200)];
        await Parallel.ForEachAsync(blocks.Concat(blocks), Cancelled, async (block, cancelled) =>
        {
            string content = new((char)('!' + (block % 90)), 1 + (block * 7 % 300));
            await Open().StageFloatingAsync(Block(block, content), Encoding.ASCII.GetBytes(content), cancelled);
        });
        Assert.True(await Open().CommitFloatingAsync(new LongFrame(blocks), WriteCondition.IfAbsent, Cancelled));
    }

    [Fact]
    public async Task Commit_ByManyAtOnce_PublishesOnce()
    {
        await StageAsync(Open(), 1, 2, 4);
        bool[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await CommitAsync())));
        Assert.All(results, Assert.True);
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read((await PublishedAsync())!));
    }

    [Fact]
    public async Task Commit_ConditionDoesNotHold_KeepsTheBlocks()
    {
        await Reopen().WriteAsync("out", "old"u8.ToArray(), WriteCondition.Always, Cancelled);
        string etag = (await Reopen().StatAsync("out", Cancelled))!.ETag;
        await StageAsync(Open(), 1, 2, 4);
        Assert.False(await CommitAsync(WriteCondition.IfAbsent));
        Assert.False(await CommitAsync(WriteCondition.IfMatch("1-1")));
        Assert.Equal("old", await PublishedAsync());
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read((await PublishedAsync())!));
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
    }

    [Fact]
    public async Task Discard_StagedBlocks_LeavesNothing()
    {
        await StageAsync(Open(), 1, 2, 4);
        await Open().DiscardAsync(Cancelled);
        Assert.Empty(await Open().ListFloatingAsync(Cancelled));
        Assert.Null(await PublishedAsync());
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task Stage_BlockOutOfRange_IsRefused()
    {
        FloatingBlock[] bad = [new(50_000, 1, default), new(0, 1, default), new(-1, 1, default), new(1, 2, default)];
        foreach (FloatingBlock block in bad)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Open().StageFloatingAsync(block, new byte[1], Cancelled));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockNote(new byte[32]));
    }

    /// <summary>The same store by another object, as another process has it.</summary>
    protected abstract IObjectStore Reopen();

    /// <summary>What is staged for the destination, by whomever, once it should be nothing.</summary>
    protected abstract Task<IEnumerable<string>> LeftAsync();

    protected IStagedFile Open(string owner = Plan) => Reopen().StageFile("out", owner);

    protected static FloatingBlock Block(int index, string content) =>
        new(index, content.Length, new BlockNote(Encoding.ASCII.GetBytes($"note of {content[..Math.Min(23, content.Length)]}")));

    protected static async Task StageAsync(IStagedFile file, params int[] blocks)
    {
        foreach (int block in blocks)
        {
            await file.StageFloatingAsync(Block(block, Contents[block]), Encoding.ASCII.GetBytes(Contents[block]), Cancelled);
        }
    }

    protected async Task<bool> CommitAsync(WriteCondition? condition = null) =>
        await Open().CommitFloatingAsync(new TextFrame(1, 2, 4), condition ?? WriteCondition.IfAbsent, Cancelled);

    protected async Task<string?> PublishedAsync()
    {
        IObjectStore store = Reopen();
        if (await store.StatAsync("out", Cancelled) is not { } info)
            return null;
        byte[] content = new byte[info.Length];
        await store.ReadAsync("out", 0, content, info.ETag, Cancelled);
        return Encoding.ASCII.GetString(content);
    }

    /// <summary>Checks the places of many blocks.</summary>
    private sealed class LongFrame(int[] blocks) : IFileFrame
    {
        public IEnumerable<int> Blocks => blocks;

        public long TailBytesMax => 1;

        public FileEnds Build(IReadOnlyList<PlacedBlock> placed, long tailStart)
        {
            long end = IFileFrame.HeadBytes;
            foreach ((FloatingBlock block, long offset) in placed.OrderBy(block => block.Offset))
            {
                Assert.True(offset >= end);
                end = offset + block.Length;
            }

            Assert.True(tailStart >= end);
            return new FileEnds(new byte[IFileFrame.HeadBytes], [new byte[1]]);
        }
    }
}
