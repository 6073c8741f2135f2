using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Azure.Storage.Blobs;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Stores;

namespace Upweave.Storage.Tests.Azure;

[Collection(AzureCollection.Name)]
public sealed class AzureFloatingBlocksTests(AzureFixture azure) : FloatingBlocksContract
{
    private readonly BlobContainerClient container = azure.NewContainer();

    [Fact]
    public async Task Stage_Block_HasTheIdThatIsDocumented()
    {
        await Open().StageFloatingAsync(Block(7, "abc"), "abc"u8.ToArray(), Cancelled);
        byte[] id = Convert.FromBase64String(Assert.Single(await UncommittedAsync()));
        Assert.Equal(64, id.Length);
        Assert.Equal(2, id[0]);
        Assert.Equal(Plan, Convert.ToHexStringLower(id.AsSpan(1, 16)));
        Assert.Equal(7, BinaryPrimitives.ReadInt32LittleEndian(id.AsSpan(17)));
        Assert.Equal(3, BinaryPrimitives.ReadInt32LittleEndian(id.AsSpan(21)));
        Assert.Equal(XxHash3.HashToUInt64("abc"u8), BinaryPrimitives.ReadUInt64LittleEndian(id.AsSpan(25)));
        Assert.Equal("note of abc", Encoding.ASCII.GetString(id.AsSpan(33)).TrimEnd('\0'));
    }

    [Fact]
    public async Task Stage_BlocksOfACopyThatDiedThere_CanFollow()
    {
        await Open(OtherPlan).StageAsync(new StagedBlock(0, 0, 3), "old"u8.ToArray(), Cancelled);
        await StageAsync(Open(), 1, 2, 4);
        Assert.True(await CommitAsync());
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read((await PublishedAsync())!));
        Assert.Empty(await UncommittedAsync());
    }

    [Fact]
    public async Task Commit_ProcessEndsBetweenDirectoryAndCommit_TheNextCommitsOneDirectory()
    {
        await StageAsync(Open(), 1, 2, 4);
        Network network = new();
        network.DieAt("PUT ?comp=blocklist");
        IStagedFile dying = new AzureBlobStore(azure.Open(container.Name, network.Options())).StageFile("out", Plan);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await dying.CommitFloatingAsync(new TextFrame(1, 2, 4), WriteCondition.IfAbsent, Cancelled));
        int staged = (await UncommittedAsync()).Length;
        Assert.Equal(3 + 1 + 4, staged);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await dying.CommitFloatingAsync(new TextFrame(1, 2, 4), WriteCondition.IfAbsent, Cancelled));
        Assert.Equal(staged, (await UncommittedAsync()).Length);
        // Of a block with two contents the other may be taken now, so that the directory is another.
        await Open().StageFloatingAsync(Block(2, "TWELVE"), "TWELVE"u8.ToArray(), Cancelled);
        await Open().StageFloatingAsync(Block(1, "1"), "1"u8.ToArray(), Cancelled);
        Assert.True(await CommitAsync());
        Assert.Equal(3, TextFrame.Read((await PublishedAsync())!).Length);
        Assert.Empty(await UncommittedAsync());
    }

    [Fact]
    public async Task Commit_AnswerLost_KnowsItsOwnCommit()
    {
        await StageAsync(Open(), 1, 2, 4);
        Network network = new();
        network.LoseAnswerOf("PUT ?comp=blocklist");
        IStagedFile file = new AzureBlobStore(azure.Open(container.Name, network.Options())).StageFile("out", Plan);
        Assert.True(await file.CommitFloatingAsync(new TextFrame(1, 2, 4), WriteCondition.IfAbsent, Cancelled));
        Assert.Equal(["one", "twelve", "4"], TextFrame.Read((await PublishedAsync())!));
    }

    [Fact]
    public async Task Commit_Published_StagesNothing()
    {
        await StageAsync(Open(), 1, 2, 4);
        Assert.True(await CommitAsync());
        Network network = new();
        IStagedFile file = new AzureBlobStore(azure.Open(container.Name, network.Options())).StageFile("out", Plan);
        Assert.True(await file.CommitFloatingAsync(new TextFrame(1, 2, 4), WriteCondition.IfAbsent, Cancelled));
        Assert.Empty(network.Changes);
    }

    protected override IObjectStore Reopen() => new AzureBlobStore(container);

    protected override async Task<IEnumerable<string>> LeftAsync()
    {
        string[] all = await AzureFixture.AllAsync(container);
        return all is ["out"] && await PublishedAsync() is not null ? await UncommittedAsync() : all;
    }

    private Task<string[]> UncommittedAsync() => AzureFixture.UncommittedAsync(container, "out");
}
