using Azure.Storage.Blobs;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Stores;

namespace Upweave.Storage.Tests.Azure;

[Collection(AzureCollection.Name)]
public sealed class AzureStagedTreeTests(AzureFixture azure) : StagedTreeContract
{
    private readonly BlobContainerClient container = azure.NewContainer();

    [Fact]
    public async Task Prepare_PartsOfAPlanThatWasGivenUp_AreRemoved()
    {
        await Open(OtherPlan).PrepareAsync(WriteCondition.IfAbsent, Cancelled);
        await Open(OtherPlan).WriteAsync("c/0", "theirs"u8.ToArray(), Cancelled);
        await Open(OtherPlan).WriteAsync("c/8", "theirs"u8.ToArray(), Cancelled);
        await StageAsync("c/9");
        Assert.True(await PrepareAndCommitAsync(WriteCondition.IfAbsent, "c/0"));
        await AssertPublishedAsync("c/0", "c/9");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Prepare_EndedInTheMiddleOfReplacing_IsFinishedByTheNextAndNeverShowsAMixture(int deletes)
    {
        await PutAsync("out/zarr.json", "old");
        await PutAsync("out/c/0", "old");
        await PutAsync("out/c/9", "old");
        WriteCondition condition = WriteCondition.IfMatch((await Reopen().StatAsync("out/zarr.json", Cancelled))!.ETag);
        Network network = new();
        network.DieAt("DELETE", deletes);
        await Assert.ThrowsAnyAsync<InvalidOperationException>(async () => await new AzureBlobStore(
            azure.Open(container.Name, network.Options())).StageTree("out", Plan, "zarr.json").PrepareAsync(condition, Cancelled));
        Assert.Equal(deletes == 0, await Reopen().StatAsync("out/zarr.json", Cancelled) is not null);
        Assert.True(await PrepareAndCommitAsync(condition, "c/0"));
        await AssertPublishedAsync("c/0");
    }

    /// <summary>An array inside the tree, with chunks that are listed before its metadata.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PrepareAndDiscard_EndedInTheMiddle_LeaveNoArrayWithChunksMissing(bool prepares)
    {
        await PutAsync("out/zarr.json", "old");
        WriteCondition condition = WriteCondition.IfMatch((await Reopen().StatAsync("out/zarr.json", Cancelled))!.ETag);
        if (!prepares)
            await Open().PrepareAsync(condition, Cancelled);
        foreach (string key in (string[])["0/c/0", "0/c/1", "0/zarr.json"])
        {
            if (prepares)
                await PutAsync("out/" + key, "old");
            else
                await StageAsync(key);
        }

        Network network = new();
        // The tree's own metadata, or the record of its preparation; the array's metadata; one chunk.
        network.DieAt("DELETE", after: 3);
        IStagedTree tree = new AzureBlobStore(azure.Open(container.Name, network.Options())).StageTree("out", Plan, "zarr.json");
        await Assert.ThrowsAnyAsync<InvalidOperationException>(async () =>
        {
            if (prepares)
                await tree.PrepareAsync(condition, Cancelled);
            else
                await tree.DiscardAsync(Cancelled);
        });
        string[] left = await FilesAsync("out");
        Assert.DoesNotContain(left, file => file.EndsWith("zarr.json", StringComparison.Ordinal));
        Assert.Single(left);
    }

    [Fact]
    public async Task Prepare_OldTreeGoneAndSomebodysFilesThere_LeavesThem()
    {
        await PutAsync("out/zarr.json", "old");
        WriteCondition condition = WriteCondition.IfMatch((await Reopen().StatAsync("out/zarr.json", Cancelled))!.ETag);
        await Reopen().DeleteAsync("out/zarr.json", Cancelled);
        await PutAsync("out/thesis.txt", "x");
        Assert.False(await Open().PrepareAsync(condition, Cancelled));
        Assert.Equal(["out/thesis.txt"], await FilesAsync("out"));
    }

    [Fact]
    public async Task Prepare_Scratch_RemovesWhateverIsThere()
    {
        await PutAsync("out/zarr.json", "old");
        await PutAsync("out/c/9", "old");
        Assert.True(await PrepareAndCommitAsync(WriteCondition.Always, "c/0"));
        await AssertPublishedAsync("c/0");
    }

    [Fact]
    public async Task Commit_OldTreeNotRemoved_IsRefused()
    {
        await PutAsync("out/zarr.json", "old");
        string etag = (await Reopen().StatAsync("out/zarr.json", Cancelled))!.ETag;
        await StageAsync("c/0");
        Assert.False(await CommitAsync(WriteCondition.IfMatch(etag)));
        Assert.Equal("old", await ReadAsync("out/zarr.json"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_ByAPlanThatIsOver_CannotChangeThePartsOfTheNext(bool published)
    {
        await Open(OtherPlan).PrepareAsync(WriteCondition.IfAbsent, Cancelled);
        await Open(OtherPlan).DiscardAsync(Cancelled);
        Assert.True(await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        await StageAsync("c/0");
        if (published)
            Assert.True(await CommitAsync(WriteCondition.IfAbsent));
        await Assert.ThrowsAsync<ObjectChangedException>(
            async () => await Open(OtherPlan).WriteAsync("c/0", "late"u8.ToArray(), Cancelled));
        Assert.Equal("c/0", await ReadAsync("out/c/0"));
    }

    [Fact]
    public async Task Write_PartLeftByAWriterThatWasLate_IsReplaced()
    {
        await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled);
        await Open(OtherPlan).WriteAsync("c/0", "late"u8.ToArray(), Cancelled);
        Assert.Empty(await ListAsync());
        await StageAsync("c/0");
        Assert.Equal(["c/0"], await ListAsync());
        Assert.True(await CommitAsync(WriteCondition.IfAbsent));
        await AssertPublishedAsync("c/0");
    }

    [Fact]
    public async Task WriteAndCommit_AnswerLost_KnowTheirOwn()
    {
        await PutAsync("warm", "1");
        Network network = new();
        IStagedTree tree = new AzureBlobStore(azure.Open(container.Name, network.Options())).StageTree("out", Plan, "zarr.json");
        network.LoseAnswerOf("PUT");
        await tree.WriteAsync("c/0", "c/0"u8.ToArray(), Cancelled);
        network.LoseAnswerOf("PUT");
        Assert.True(await tree.CommitAsync("{}"u8.ToArray(), WriteCondition.IfAbsent, Cancelled));
        await AssertPublishedAsync("c/0");
    }

    [Fact]
    public async Task List_MarksOfOthers_TellTheOwner()
    {
        await StageAsync("c/0");
        await PutAsync("out/mine", "x");
        List<ObjectInfo> files = await Reopen().ListAsync("out", Cancelled).ToListAsync(Cancelled);
        Assert.Equal(Plan, files.Single(file => file.Path == "out/c/0").Owner);
        Assert.Null(files.Single(file => file.Path == "out/mine").Owner);
    }

    protected override IObjectStore Reopen() => new AzureBlobStore(container);
}
