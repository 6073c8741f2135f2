using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tests;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>What becomes of a TIFF whose writers fail, repeat themselves or die, in every kind of store.</summary>
public abstract class TiffCommitContract
{
    protected static readonly Sample Array = Sample.Random(new Random(30), [3, 100, 130], ElementType.UInt16);

    /// <summary>Tiles of 12 TIFF tiles in two blocks, and smaller ones at the edges.</summary>
    protected static OutputLayout Layout { get; } = TiffSample.Layout(Array, "cyx", [3, 48, 64], [1, 16, 16]);

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static IEnumerable<long> AllTiles => TiffSample.LongRange(Layout.Tiles().Count);

    [Fact]
    public async Task FindDone_TileThatFailedHalfWay_IsNotDoneUntilItIsWrittenAgain()
    {
        Assert.True(await Writer().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        using (EncodedTile encoded = Writer().Encode(0, Array.Cut(Layout.Tiles()[0])))
        {
            Assert.Equal(2, encoded.Parts.Count);
            EncodedPart part = encoded.Parts[1];
            await Store().StageFile("out", TiffSample.Plan).StageFloatingAsync(part.Floating, part.Content, Cancelled);
        }

        await TiffSample.WriteAsync(Store(), Array, Layout, 2, 4);
        Assert.Equal(new long[] { 2, 4 }, await TiffSample.DoneAsync(Store(), Layout));
        await Assert.ThrowsAsync<BlocksMissingException>(() => TiffSample.CommitAsync(Store(), Layout));
        Assert.Null(await Store().StatAsync("out", Cancelled));
        await TiffSample.WriteAsync(Store(), Array, Layout, AllTiles);
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        await TiffSample.CheckAsync(Store(), Array, Layout);
    }

    [Fact]
    public async Task Commit_EveryTileWrittenTwiceByTwoWriters_HoldsEachOnce()
    {
        await TiffSample.WriteAsync(Store(), Array, Layout, AllTiles);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 4), Cancelled, async (_, _) => await TiffSample.WriteAsync(Store(), Array, Layout, AllTiles.Reverse()));
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        await TiffSample.CheckAsync(Store(), Array, Layout);
    }

    /// <summary>Two libraries deflate alike elements in unlike ways: a tile's blocks are then of either, and the directory fits.</summary>
    [Fact]
    public async Task Commit_TilesRepeatedWithOtherBytes_NeverMixesSizesAndBytes()
    {
        await TiffSample.WriteAsync(Store(), Array, Layout, AllTiles);
        Sample other = Sample.Random(new Random(31), Array.Shape, Array.Type);
        byte[] calm = [.. other.Bytes.Select((value, at) => at % 7 == 0 ? value : (byte)0)];
        other = other with { Bytes = calm };
        await TiffSample.WriteAsync(Store(), other, Layout, AllTiles.Where(tile => tile % 2 == 0));
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        PlainTiff file = new(await TiffSample.FileAsync(Store()));
        byte[] found = file.Elements(0);
        file.CheckPlaces();
        Assert.All(Enumerable.Range(0, found.Length), at => Assert.True(found[at] == Array.Bytes[at] || found[at] == calm[at]));
    }

    [Fact]
    public async Task FindDone_BlocksOfAnotherPlan_DoNotCountAndAreNotInTheFile()
    {
        Sample other = Sample.Random(new Random(32), Array.Shape, Array.Type);
        OutputLayout stale = Layout with { Owner = TiffSample.OtherPlan };
        await TiffSample.WriteAsync(Store(), other, stale, AllTiles);
        Assert.Empty(await TiffSample.DoneAsync(Store(), Layout));
        await Assert.ThrowsAsync<BlocksMissingException>(() => TiffSample.CommitAsync(Store(), Layout));
        await TiffSample.WriteAsync(Store(), Array, Layout, AllTiles);
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        await TiffSample.CheckAsync(Store(), Array, Layout);
        Assert.False(await TiffSample.CommitAsync(Store(), stale));
        Assert.False(await ArrayWriters.Create(Store(), stale).IsCommittedAsync(Cancelled));
    }

    [Fact]
    public async Task Commit_TwiceAndALateTile_ChangesNothing()
    {
        await TiffSample.WriteAsync(Store(), Array, Layout, AllTiles);
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        byte[] published = await TiffSample.FileAsync(Store());
        await TiffSample.WriteAsync(Store(), Array, Layout, 1);
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        Assert.True(await Writer().IsCommittedAsync(Cancelled));
        await Writer().DiscardAsync(Cancelled);
        Assert.Equal(published, await TiffSample.FileAsync(Store()));
    }

    [Fact]
    public async Task Commit_BlocksVanished_SaysSoAndTheTilesAreMissing()
    {
        await TiffSample.WriteAsync(Store(), Array, Layout, AllTiles);
        await LoseBlocksAsync();
        BlocksMissingException error = await Assert.ThrowsAsync<BlocksMissingException>(() => TiffSample.CommitAsync(Store(), Layout));
        Assert.Contains("not in the ledger", error.Message, StringComparison.Ordinal);
        Assert.True((await TiffSample.DoneAsync(Store(), Layout)).Length < Layout.Tiles().Count);
        await TiffSample.WriteAsync(Store(), Array, Layout, AllTiles);
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        await TiffSample.CheckAsync(Store(), Array, Layout);
    }

    [Fact]
    public async Task Discard_SomeTilesWritten_LeavesNothing()
    {
        await TiffSample.WriteAsync(Store(), Array, Layout, 0, 3);
        await Writer().DiscardAsync(Cancelled);
        Assert.Empty(await TiffSample.DoneAsync(Store(), Layout));
        Assert.Null(await Store().StatAsync("out", Cancelled));
    }

    /// <summary>The same store by another object, as another process has it.</summary>
    protected abstract IObjectStore Store();

    /// <summary>Makes some staged blocks vanish.</summary>
    protected abstract Task LoseBlocksAsync();

    private IArrayWriter Writer() => ArrayWriters.Create(Store(), Layout);
}
