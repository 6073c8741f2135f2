using System.Buffers.Binary;
using System.IO.Hashing;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Stores;

namespace Upweave.Storage.Tests.Azure;

[Collection(AzureCollection.Name)]
public sealed class AzureStagedFileTests(AzureFixture azure) : StagedFileContract
{
    private readonly BlobContainerClient container = azure.NewContainer();

    [Fact]
    public async Task Stage_Block_HasTheIdThatIsDocumented()
    {
        await Open().StageAsync(new StagedBlock(7, 1L << 33, 3), "abc"u8.ToArray(), Cancelled);
        byte[] id = Convert.FromBase64String(Assert.Single(await UncommittedAsync()));
        Assert.Equal(64, id.Length);
        Assert.Equal(1, id[0]);
        Assert.Equal(Plan, Convert.ToHexStringLower(id.AsSpan(1, 16)));
        Assert.Equal(7, BinaryPrimitives.ReadInt32LittleEndian(id.AsSpan(17)));
        Assert.Equal(3, BinaryPrimitives.ReadInt32LittleEndian(id.AsSpan(21)));
        Assert.Equal(1L << 33, BinaryPrimitives.ReadInt64LittleEndian(id.AsSpan(25)));
        Assert.Equal(XxHash3.HashToUInt64("abc"u8), BinaryPrimitives.ReadUInt64LittleEndian(id.AsSpan(33)));
        Assert.Equal(new byte[23], id[41..]);
    }

    [Theory]
    [InlineData("plan1")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    public void StageFile_OwnerNoHash_IsRefused(string owner) =>
        Assert.Throws<ArgumentException>(() => Reopen().StageFile("out", owner));

    [Fact]
    public async Task List_IdThatLiesAboutItsLength_IsNoBlock()
    {
        await StageAsync(Open(), 0);
        string id = Assert.Single(await UncommittedAsync());
        await Blob.StageBlockAsync(id, new MemoryStream("longer"u8.ToArray()), cancellationToken: Cancelled);
        Assert.Empty(await Open().ListAsync(Cancelled));
    }

    [Fact]
    public async Task Commit_BlockStagedWithTwoContents_TakesOneOfThem()
    {
        await StageAsync(Open(), 0, 1, 2);
        await Open().StageAsync(Blocks[1], "xyz"u8.ToArray(), Cancelled);
        Assert.Equal(3, (await Open().ListAsync(Cancelled)).Count);
        Assert.True(await CommitAsync());
        Assert.Contains(await PublishedAsync(), new[] { "headabcdefgh", "headxyzdefgh" });
        Assert.Empty(await UncommittedAsync());
    }

    [Fact]
    public async Task Commit_NoBlocks_PublishesNothing()
    {
        await Assert.ThrowsAsync<BlocksMissingException>(async () => await Open().CommitAsync([], WriteCondition.IfAbsent, Cancelled));
        Assert.Null(await PublishedAsync());
    }

    [Fact]
    public async Task Commit_AnswerLost_KnowsItsOwnCommit()
    {
        await StageAsync(Open(), 0, 1, 2);
        Network network = new();
        IStagedFile file = Through(network);
        network.LoseAnswerOf("PUT ?comp=blocklist");
        Assert.True(await file.CommitAsync(Blocks, WriteCondition.IfAbsent, Cancelled));
        Assert.Equal(2, network.Changes.Count);
    }

    [Fact]
    public async Task IsCommitted_FileReplacedByAnother_IsFalse()
    {
        await StageAsync(Open(), 0, 1, 2);
        Assert.True(await CommitAsync());
        await WriteOldAsync();
        Assert.False(await Open().IsCommittedAsync(Cancelled));
        Assert.False(await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
    }

    [Fact]
    public async Task Prepare_ConditionDoesNotHold_SaysSoBeforeAnyWork()
    {
        string etag = await WriteOldAsync();
        Assert.False(await Open().PrepareAsync(WriteCondition.IfAbsent, Cancelled));
        Assert.False(await Open().PrepareAsync(WriteCondition.IfMatch("1-1"), Cancelled));
        Assert.True(await Open().PrepareAsync(WriteCondition.IfMatch(etag), Cancelled));
        Assert.Equal("old", await PublishedAsync());
    }

    [Fact]
    public async Task Discard_NothingOfOurs_ChangesNothing()
    {
        await StageAsync(Open(OtherPlan), 0);
        Network network = new();
        await Through(network).DiscardAsync(Cancelled);
        Assert.Empty(network.Changes);
        await StageAsync(Open(), 1);
        await Through(network).DiscardAsync(Cancelled);
        Assert.Empty(network.Changes);
        Assert.Equal([Blocks[0]], await Open(OtherPlan).ListAsync(Cancelled));
    }

    [Fact]
    public async Task Discard_OldFileOfBlocks_StaysWithAllThatIsKnownOfItAndCanBeReplaced()
    {
        string etag = await CommitOldAsync();
        for (int time = 0; time < 3; time++)
        {
            await StageAsync(Open(), 0, 1, 2);
            await Open().DiscardAsync(Cancelled);
            Assert.Empty(await UncommittedAsync());
        }

        Assert.Equal("old file", await PublishedAsync());
        BlobProperties properties = await Blob.GetPropertiesAsync(cancellationToken: Cancelled);
        Assert.Equal(("text/x", "de"), (properties.ContentType, properties.ContentLanguage));
        Assert.Equal("7", properties.Metadata["answer"]);
        Assert.True(await Open().PrepareAsync(WriteCondition.IfMatch(etag), Cancelled));
        await StageAsync(Open(), 0, 1, 2);
        Assert.True(await CommitAsync(WriteCondition.IfMatch(etag)));
        Assert.Equal("headabcdefgh", await PublishedAsync());
    }

    [Fact]
    public async Task Discard_OldFileChangedAfterwards_CannotBeReplaced()
    {
        string etag = await CommitOldAsync();
        await StageAsync(Open(), 0);
        await Open().DiscardAsync(Cancelled);
        await WriteOldAsync("newer");
        await StageAsync(Open(), 0, 1, 2);
        Assert.False(await CommitAsync(WriteCondition.IfMatch(etag)));
        Assert.Equal("newer", await PublishedAsync());
    }

    [Fact]
    public async Task Discard_AnswerLost_LeavesNothing()
    {
        await StageAsync(Open(), 0, 1);
        Network network = new();
        network.LoseAnswerOf("PUT ?comp=blocklist");
        await Through(network).DiscardAsync(Cancelled);
        Assert.Empty(await LeftAsync());
        await StageAsync(Open(), 0, 1);
        network.LoseAnswerOf("DELETE");
        await Through(network).DiscardAsync(Cancelled);
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task Discard_ProcessEndsBeforeTheEmptyBlobIsDeleted_NobodySeesItAndTheNextRemovesIt()
    {
        foreach (bool again in new[] { true, false })
        {
            await StageAsync(Open(), 0, 1);
            Network network = new();
            network.DieAt("DELETE");
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await Through(network).DiscardAsync(Cancelled));
            Assert.Equal(["out"], await AzureFixture.AllAsync(container));
            Assert.Null(await PublishedAsync());
            Assert.False(await Open().IsCommittedAsync(Cancelled));
            if (again)
                await Open().DiscardAsync(Cancelled);
            else
                Assert.True(await Open(OtherPlan).PrepareAsync(WriteCondition.IfAbsent, Cancelled));
            Assert.Empty(await AzureFixture.AllAsync(container));
        }
    }

    [Fact]
    public async Task Stage_BlocksOfAnotherProgramThere_SaysSo()
    {
        await container.CreateAsync(cancellationToken: Cancelled);
        await Blob.StageBlockAsync("AAAA", new MemoryStream(new byte[1]), cancellationToken: Cancelled);
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(async () => await StageAsync(Open(), 0));
        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
    }

    protected override IObjectStore Reopen() => new AzureBlobStore(container);

    protected override async Task<IEnumerable<string>> LeftAsync()
    {
        string[] all = await AzureFixture.AllAsync(container);
        return all is ["out"] && await PublishedAsync() is not null ? await UncommittedAsync() : all;
    }

    private BlockBlobClient Blob => container.GetBlockBlobClient("out");

    private Task<string[]> UncommittedAsync() => AzureFixture.UncommittedAsync(container, "out");

    private IStagedFile Through(Network network) =>
        new AzureBlobStore(azure.Open(container.Name, network.Options())).StageFile("out", Plan);

    /// <summary>Somebody's file of blocks, with properties.</summary>
    private async Task<string> CommitOldAsync()
    {
        await container.CreateAsync(cancellationToken: Cancelled);
        await Blob.StageBlockAsync("AAAA", new MemoryStream("old "u8.ToArray()), cancellationToken: Cancelled);
        await Blob.StageBlockAsync("AAAB", new MemoryStream("file"u8.ToArray()), cancellationToken: Cancelled);
        CommitBlockListOptions options = new()
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "text/x", ContentLanguage = "de" },
            Metadata = new Dictionary<string, string> { ["answer"] = "7" },
        };
        await Blob.CommitBlockListAsync(["AAAA", "AAAB"], options, Cancelled);
        return (await Reopen().StatAsync("out", Cancelled))!.ETag;
    }
}
