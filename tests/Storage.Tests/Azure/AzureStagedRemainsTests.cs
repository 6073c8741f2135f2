using Upweave.Storage.Azure;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Azure;

/// <summary>Files of which nothing but blocks is there are found, and no others.</summary>
[Collection(AzureCollection.Name)]
public sealed class AzureStagedRemainsTests(AzureFixture azure)
{
    private static readonly string One = new('1', 32);
    private static readonly string Two = new('2', 32);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListStagedAsync_BlocksOfTwoOwnersBesideWholeFiles_NamesTheBlocksAlone()
    {
        AzureBlobStore store = new(azure.NewContainer());
        await store.WriteAsync("a/whole", new byte[5], WriteCondition.Always, Cancelled);
        await store.WriteAsync("a/empty", Array.Empty<byte>(), WriteCondition.Always, Cancelled);
        await StageAsync(store, "a/x.npy", One, 0);
        await StageAsync(store, "a/x.npy", One, 1);
        await StageAsync(store, "a/x.npy", Two, 0);
        await StageAsync(store, "b/y.npy", Two, 0);
        IStagedFile published = store.StageFile("b/z.npy", One);
        StagedBlock block = await StageAsync(store, "b/z.npy", One, 0);
        Assert.True(await published.CommitAsync([block], WriteCondition.IfAbsent, Cancelled));

        StagedRemains[] all = [.. (await store.ListStagedAsync("", Cancelled).ToListAsync(Cancelled)).OrderBy(found => (found.Path, found.Owner))];
        Assert.Equal([new("a/x.npy", One, 2, 14), new("a/x.npy", Two, 1, 7), new("b/y.npy", Two, 1, 7)], all);
        Assert.Equal([new("b/y.npy", Two, 1, 7)], await store.ListStagedAsync("b", Cancelled).ToListAsync(Cancelled));
    }

    private static async Task<StagedBlock> StageAsync(AzureBlobStore store, string path, string owner, int index)
    {
        StagedBlock block = new(index, 7 * index, 7);
        await store.StageFile(path, owner).StageAsync(block, new byte[7], Cancelled);
        return block;
    }
}
