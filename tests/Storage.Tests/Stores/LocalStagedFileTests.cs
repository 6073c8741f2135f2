using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

public sealed class LocalStagedFileTests : StagedFileContract, IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

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
        File.Move(Data, Staging("sealed"));
        if (markerWritten)
            folder.Write(Staging("publishing"), []);
        Assert.False(await Open().IsCommittedAsync(Cancelled));
        Assert.Equal(Blocks, await Open().ListAsync(Cancelled));
        Assert.True(await CommitAsync());
        Assert.Equal("headabcdefgh", await PublishedAsync());
        Assert.True(await Open().IsCommittedAsync(Cancelled));
    }

    [Fact]
    public async Task Commit_WriterStoppedSinceBeforeTheCommit_LeavesDataThatCountsForNothing()
    {
        await StageAsync(Open(), 0, 1, 2);
        Assert.True(await CommitAsync());
        folder.Write(Data, "........xyz."u8);
        Assert.True(await Open().IsCommittedAsync(Cancelled));
        Assert.True(await CommitAsync());
        Assert.Equal("headabcdefgh", await PublishedAsync());
    }

    private string Ledger => Staging("ledger");

    private string Data => Staging("data");

    protected override IObjectStore Reopen() => new LocalStore(folder.Root);

    protected override Task<IEnumerable<string>> LeftAsync() => Task.FromResult(
        Directory.Exists(folder.At("out.upweave")) ? Directory.EnumerateFileSystemEntries(folder.At("out.upweave")) : []);

    private string Staging(string name) => folder.At($"out.upweave/{Plan}/{name}");
}
