using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

public sealed class LocalFloatingBlocksTests : FloatingBlocksContract, IDisposable
{
    private const int RecordBytes = 64;

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task List_EveryByteOfTheLedgerDamagedOrMissing_NeverInventsABlock()
    {
        await StageAsync(Open(), 1, 2, 4);
        FloatingBlock[] all = [.. await Open().ListFloatingAsync(Cancelled)];
        byte[] ledger = await File.ReadAllBytesAsync(Staging("floating"), Cancelled);
        for (int place = 0; place < ledger.Length; place++)
        {
            byte[] damaged = [.. ledger];
            damaged[place] ^= 0x10;
            await File.WriteAllBytesAsync(Staging("floating"), damaged, Cancelled);
            Assert.Equal(all.Where(block => block.Index != place / RecordBytes), await Open().ListFloatingAsync(Cancelled));
            await File.WriteAllBytesAsync(Staging("floating"), ledger[..place], Cancelled);
            Assert.Equal(all.Where(block => block.Index < place / RecordBytes), await Open().ListFloatingAsync(Cancelled));
        }
    }

    [Fact]
    public async Task List_DataFileShorterThanTheLedgerSays_LeavesThoseBlocksOutUntilTheyAreStagedAgain()
    {
        await StageAsync(Open(), 1, 2, 4);
        await using (FileStream data = File.OpenWrite(Staging("data")))
        {
            data.SetLength(data.Length - 1);
        }

        Assert.Equal([Block(1, "one"), Block(2, "twelve")], await Open().ListFloatingAsync(Cancelled));
        await Assert.ThrowsAsync<BlocksMissingException>(async () => await CommitAsync());
        await StageAsync(Open(), 4);
        Assert.True(await CommitAsync());
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read((await PublishedAsync())!));
    }

    /// <summary>What is written where the lost end was is not taken for what a record or a dead commit had there.</summary>
    [Fact]
    public async Task Stage_AfterTheEndOfTheDataWasLost_NothingOldComesToMeanIt()
    {
        await StageAsync(Open(), 1, 2, 4);
        TextFrame dying = new(1, 2, 4) { DiesAfter = 2 };
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await Open().CommitFloatingAsync(dying, WriteCondition.IfAbsent, Cancelled));
        await using (FileStream data = File.OpenWrite(Staging("data")))
        {
            data.SetLength(IFileFrame.HeadBytes + 4);
        }

        string large = new('x', 3000);
        await Open().StageFloatingAsync(Block(3, large), System.Text.Encoding.ASCII.GetBytes(large), Cancelled);
        Assert.Equal([1, 3], (await Open().ListFloatingAsync(Cancelled)).Select(block => block.Index).Order());
        await StageAsync(Open(), 2, 4);
        Assert.True(await Open().CommitFloatingAsync(new TextFrame(1, 2, 3, 4), WriteCondition.IfAbsent, Cancelled));
        Assert.Equal(["one", "twelve", large, "4"], TextFrame.Read((await PublishedAsync())!));
    }

    [Fact]
    public async Task Stage_TheSameAgain_TakesNoMoreRoom()
    {
        await StageAsync(Open(), 1, 2, 4);
        long length = new FileInfo(Staging("data")).Length;
        Assert.Equal(IFileFrame.HeadBytes + 3 + 6 + 1, length);
        await StageAsync(Open(), 4, 2, 1);
        Assert.Equal(length, new FileInfo(Staging("data")).Length);
    }

    [Fact]
    public async Task Commit_RoomOfAWriterThatDied_IsNobodysPlace()
    {
        await StageAsync(Open(), 1);
        await using (FileStream data = File.OpenWrite(Staging("data")))
        {
            data.SetLength(data.Length + 100);
        }

        await StageAsync(Open(), 2, 4);
        Assert.True(await CommitAsync());
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read((await PublishedAsync())!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_ProcessEndedAfterSealing_GoesOn(bool withMarker)
    {
        await StageAsync(Open(), 1, 2, 4);
        Assert.True(await CommitAsync());
        File.Move(folder.At("out"), Staging("sealed"));
        if (!withMarker)
            File.Delete(Staging("publishing"));
        Assert.False(await Open().IsCommittedAsync(Cancelled));
        await StageAsync(Open(), 2);
        Assert.Equal(3, (await Open().ListFloatingAsync(Cancelled)).Count);
        Assert.True(await CommitAsync());
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read((await PublishedAsync())!));
    }

    protected override IObjectStore Reopen() => new LocalStore(folder.Root);

    protected override Task<IEnumerable<string>> LeftAsync() => Task.FromResult(
        Directory.Exists(folder.At("out.upweave")) ? Directory.EnumerateFileSystemEntries(folder.At("out.upweave")) : []);

    private string Staging(string name) => folder.At($"out.upweave/{Plan}/{name}");
}
