using System.Text;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

public sealed class LocalStagedFileTests : IDisposable
{
    private static readonly StagedBlock[] Blocks = [new(0, 0, 4), new(1, 4, 3), new(2, 7, 5)];
    private static readonly string[] Contents = ["head", "abc", "defgh"];

    private readonly TestFolder folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Commit_BlocksStagedInAnyOrderByTwoWriters_PublishesTheFile()
    {
        await StageAsync(Open(), 2, 0);
        await StageAsync(Open(), 1, 1, 2);
        Assert.False(File.Exists(folder.At("out")));
        Assert.False(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        Assert.Equal("headabcdefgh", Published());
        Assert.True(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        await Open().DiscardAsync(Cancelled);
        Assert.Equal("headabcdefgh", Published());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.At("out.upweave")));
    }

    [Fact]
    public async Task List_AfterRestart_GivesWhatWasStagedByThisOwner()
    {
        await StageAsync(Open(), 0, 2);
        await StageAsync(Open("other"), 1);
        Assert.Equal([Blocks[0], Blocks[2]], (await Open().ListAsync(Cancelled)).OrderBy(block => block.Index));
        await Open("other").DiscardAsync(Cancelled);
        Assert.Equal(2, (await Open().ListAsync(Cancelled)).Count);
        Assert.Empty(await Open("third").ListAsync(Cancelled));
    }

    [Fact]
    public async Task List_EveryByteOfTheLedgerDamagedOrMissing_NeverInventsABlock()
    {
        await StageAsync(Open(), 0, 1, 2);
        byte[] ledger = await File.ReadAllBytesAsync(Ledger, Cancelled);
        for (int place = 0; place < ledger.Length; place++)
        {
            byte[] damaged = [.. ledger];
            damaged[place] ^= 0x10;
            await File.WriteAllBytesAsync(Ledger, damaged, Cancelled);
            Assert.Equal(Blocks.Where(block => block.Index != place / 32), await Open().ListAsync(Cancelled));
            await File.WriteAllBytesAsync(Ledger, ledger[..place], Cancelled);
            Assert.Equal(Blocks.Take(place / 32), await Open().ListAsync(Cancelled));
        }
    }

    [Fact]
    public async Task List_DataFileShorterThanTheLedgerSays_LeavesThoseBlocksOut()
    {
        await StageAsync(Open(), 0, 1, 2);
        await using (FileStream data = File.OpenWrite(Data))
        {
            data.SetLength(11);
        }

        Assert.Equal(Blocks.Take(2), await Open().ListAsync(Cancelled));
    }

    [Fact]
    public async Task Commit_BlockMissing_NamesItAndPublishesNothing()
    {
        await StageAsync(Open(), 0, 2);
        CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(async () => await CommitAsync());
        Assert.Contains("Block 1", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("out")));
        await StageAsync(Open(), 1);
        Assert.True(await CommitAsync());
    }

    [Fact]
    public async Task Commit_BlocksWithAGap_IsAnArgumentError()
    {
        await StageAsync(Open(), 0, 1, 2);
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Open().CommitAsync([Blocks[0], Blocks[2]], WriteCondition.Always, Cancelled));
    }

    [Fact]
    public async Task Commit_ConditionDoesNotHold_KeepsTheBlocks()
    {
        await StageAsync(Open(), 0, 1, 2);
        folder.Write("out", "old"u8);
        Assert.False(await CommitAsync(WriteCondition.IfAbsent));
        Assert.False(await CommitAsync(WriteCondition.IfMatch("1-1")));
        Assert.Equal("old", Published());
        string etag = (await folder.Store.StatAsync("out", Cancelled))!.ETag;
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
        Assert.Equal("headabcdefgh", Published());
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
    }

    [Fact]
    public async Task Commit_FolderAtTheDestination_IsNeverReplaced()
    {
        await StageAsync(Open(), 0, 1, 2);
        folder.Write("out/precious", "x"u8);
        Assert.False(await CommitAsync(WriteCondition.IfAbsent));
        Assert.False(await CommitAsync(WriteCondition.Always));
        Assert.True(File.Exists(folder.At("out/precious")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_CrashedAfterSealing_IsFinishedByTheNext(bool markerWritten)
    {
        await StageAsync(Open(), 0, 1, 2);
        File.Move(Data, folder.At("out.upweave/plan1/sealed"));
        if (markerWritten)
            folder.Write("out.upweave/plan1/publishing", []);
        Assert.False(await Open().IsCommittedAsync(Cancelled));
        Assert.Equal(Blocks, await Open().ListAsync(Cancelled));
        Assert.True(await CommitAsync());
        Assert.Equal("headabcdefgh", Published());
        Assert.True(await Open().IsCommittedAsync(Cancelled));
    }

    [Fact]
    public async Task Stage_AfterCommit_ChangesNothing()
    {
        await StageAsync(Open(), 0, 1, 2);
        await CommitAsync();
        await Open().StageAsync(Blocks[1], "xyz"u8.ToArray(), Cancelled);
        // What a writer leaves that had been stopped since before the commit.
        folder.Write("out.upweave/plan1/data", "........xyz."u8);
        Assert.True(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        Assert.Equal("headabcdefgh", Published());
    }

    [Fact]
    public async Task Commit_ByManyAtOnce_PublishesOnce()
    {
        await StageAsync(Open(), 0, 1, 2);
        bool[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await CommitAsync())));
        Assert.All(results, Assert.True);
        Assert.Equal("headabcdefgh", Published());
    }

    [Fact]
    public async Task Commit_TwoPlansForOneDestination_TheSecondIsRefused()
    {
        await StageAsync(Open(), 0, 1, 2);
        await StageAsync(Open("plan2"), 0, 1, 2);
        Assert.True(await CommitAsync());
        Assert.False(await Open("plan2").CommitAsync(Blocks, WriteCondition.IfAbsent, Cancelled));
        Assert.False(await Open("plan2").IsCommittedAsync(Cancelled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a b")]
    public void StageFile_OwnerNotLettersAndDigits_IsRefused(string owner) =>
        Assert.Throws<ArgumentException>(() => folder.Store.StageFile("out", owner));

    [Fact]
    public async Task Stage_BlockOutOfRange_IsRefused()
    {
        IStagedFile file = Open();
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await file.StageAsync(new StagedBlock(50_000, 0, 1), new byte[1], Cancelled));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await file.StageAsync(new StagedBlock(0, 0, 2), new byte[1], Cancelled));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await file.StageAsync(new StagedBlock(0, 0, 0), default, Cancelled));
    }

    private string Ledger => folder.At("out.upweave/plan1/ledger");

    private string Data => folder.At("out.upweave/plan1/data");

    /// <summary>By a store of its own each time, as after a restart.</summary>
    private IStagedFile Open(string owner = "plan1") => new LocalStore(folder.Root).StageFile("out", owner);

    private static async Task StageAsync(IStagedFile file, params int[] blocks)
    {
        foreach (int block in blocks)
        {
            await file.StageAsync(Blocks[block], Encoding.ASCII.GetBytes(Contents[block]), Cancelled);
        }
    }

    private async Task<bool> CommitAsync(WriteCondition? condition = null) =>
        await Open().CommitAsync(Blocks, condition ?? WriteCondition.IfAbsent, Cancelled);

    private string Published() => File.ReadAllText(folder.At("out"));
}
