using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Stores;

namespace Upweave.Storage.Tests.Azure;

[Collection(AzureCollection.Name)]
public sealed class AzureBlobStoreTests(AzureFixture azure) : ObjectStoreContract
{
    private readonly BlobContainerClient container = azure.NewContainer();

    [Fact]
    public async Task AnyCall_ContainerMissing_FindsNothingUntilTheFirstWriteMakesIt()
    {
        Assert.Null(await Store.StatAsync("x", Cancelled));
        Assert.Empty(await ListAsync("x"));
        await Store.DeleteAsync("x", Cancelled);
        await Store.DeleteAllAsync("x", Cancelled);
        await Store.StageFile("x", new string('1', 32)).DiscardAsync(Cancelled);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Store.ReadAsync("x", 0, new byte[1], null, Cancelled));
        Assert.False(await container.ExistsAsync(Cancelled));
        Assert.True(await WriteAsync("x", "1", WriteCondition.IfAbsent));
        Assert.Equal(["some/prefix/x"], await AzureFixture.AllAsync(container));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_AnswerLost_KnowsItsOwnWrite(bool absent)
    {
        await WriteAsync("warm", "1");
        WriteCondition condition = WriteCondition.IfAbsent;
        if (!absent)
        {
            await WriteAsync("x", "0");
            condition = WriteCondition.IfMatch((await Store.StatAsync("x", Cancelled))!.ETag);
        }

        Network network = new();
        AzureBlobStore store = new(azure.Open(container.Name, network.Options()), "some/prefix");
        network.LoseAnswerOf("PUT");
        Assert.True(await store.WriteAsync("x", "mine"u8.ToArray(), condition, Cancelled));
        Assert.Equal(2, network.Changes.Count);
        Assert.False(await store.WriteAsync("x", "mine"u8.ToArray(), condition, Cancelled));
        Assert.Equal("mine", await ReadAsync("x"));
    }

    [Fact]
    public async Task Read_NobodyAnswers_IsAnOutageSaidInOneLine()
    {
        // Nothing listens on port 9 of the loopback address.
        const string Address = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/a";
        Network network = new();
        AzureBlobStore store = new(new BlobContainerClient(Address, "gone", network.Options()));
        StoreUnavailableException error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.ReadAsync("x/y", 0, new byte[1], null, Cancelled));
        Assert.StartsWith("The container 'gone' failed at 'x/y' 7 times, the last time: Connection refused", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(AzureRequests.RetriesMax + 1, network.Count);
    }

    [Fact]
    public async Task ReadAll_Object_TakesOneRequest()
    {
        await WriteAsync("x", "0123");
        Network network = new();
        AzureBlobStore store = new(azure.Open(container.Name, network.Options()), "some/prefix");
        Assert.Equal(4, (await store.ReadAllAsync("x", new byte[100], Cancelled))!.Length);
        Assert.Equal(1, network.Count);
    }

    [Fact]
    public async Task Read_ManyMegabytes_FillsTheMemory()
    {
        byte[] content = new byte[(20 << 20) + 7];
        new Random(5).NextBytes(content);
        Assert.True(await Store.WriteAsync("x", content, WriteCondition.IfAbsent, Cancelled));
        byte[] read = new byte[content.Length - 9];
        await Store.ReadAsync("x", 3, read, (await Store.StatAsync("x", Cancelled))!.ETag, Cancelled);
        Assert.Equal(Convert.ToHexString(content.AsSpan(3, read.Length)), Convert.ToHexString(read));
    }

    [Fact]
    public async Task Delete_ManyObjects_AllAreGone()
    {
        await Parallel.ForAsync(0, 60, Cancelled, async (i, _) => await WriteAsync($"d/{i % 7}/{i}", "x"));
        await Store.DeleteAllAsync("d", Cancelled);
        Assert.Empty(await AzureFixture.AllAsync(container));
    }

    [Fact]
    public async Task Write_ContainerMissingAndSasMayNotCreateIt_NamesTheContainer()
    {
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await WithSas(BlobContainerSasPermissions.All, TimeSpan.FromHours(1))
                .WriteAsync("x", new byte[1], WriteCondition.Always, Cancelled));
        Assert.Contains(container.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains("create", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_SasThatEndedOrDoesNotAllowIt_IsNotRetriedAndKeepsTheSecret()
    {
        await WriteAsync("x", "1");
        foreach (IObjectStore store in new[]
        {
            WithSas(BlobContainerSasPermissions.All, TimeSpan.FromMinutes(-5)),
            WithSas(BlobContainerSasPermissions.Delete, TimeSpan.FromHours(1)),
            WithKey("AAAA" + Convert.ToBase64String(new byte[61])),
        })
        {
            Func<Task>[] calls =
            [
                async () => await store.StatAsync("x", Cancelled),
                async () => await store.ReadAsync("x", 0, new byte[1], null, Cancelled),
                async () => await store.WriteAsync("x", new byte[1], WriteCondition.Always, Cancelled),
                async () => await store.ListAsync("x", Cancelled).ToListAsync(Cancelled),
                async () => await store.GetTimeAsync(Cancelled),
                async () => await store.StageFile("x", new string('1', 32)).StageAsync(new(0, 0, 1), new byte[1], Cancelled),
            ];
            foreach (Func<Task> call in calls)
            {
                InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(call);
                Assert.Contains(container.Name, error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("sig", error.ToString(), StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("AAAA", error.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task WithSas_ThatAllowsIt_Works()
    {
        await WriteAsync("x", "1");
        IObjectStore store = WithSas(BlobContainerSasPermissions.All, TimeSpan.FromHours(1));
        Assert.True(await store.WriteAsync("y", "2"u8.ToArray(), WriteCondition.IfAbsent, Cancelled));
        Assert.Equal("2", await ReadAsync("y"));
        Assert.Equal(Store.ToString(), store.ToString());
    }

    [Fact]
    public async Task Write_AppendBlobThere_SaysSo()
    {
        await WriteAsync("warm", "1");
        await container.GetAppendBlobClient("some/prefix/x").CreateAsync(cancellationToken: Cancelled);
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(async () => await Store
            .StageFile("x", new string('1', 32)).StageAsync(new(0, 0, 1), new byte[1], Cancelled));
        Assert.Contains("append", error.Message, StringComparison.Ordinal);
    }

    protected override IObjectStore Reopen() => new AzureBlobStore(container, "some/prefix");

    private IObjectStore WithSas(BlobContainerSasPermissions permissions, TimeSpan lasts)
    {
        Uri sas = container.GenerateSasUri(new BlobSasBuilder(permissions, DateTimeOffset.UtcNow + lasts)
        {
            StartsOn = DateTimeOffset.UtcNow.AddDays(-1),
        });
        return StoreAddress.Open("s", sas.ToString().Replace("?", "/some/prefix?", StringComparison.Ordinal));
    }

    private IObjectStore WithKey(string key)
    {
        string connection = string.Join(';', azure.ConnectionString.Split(';')
            .Select(entry => entry.StartsWith("AccountKey=", StringComparison.Ordinal) ? "AccountKey=" + key : entry));
        return StoreAddress.Open("s", $"{connection};Container={container.Name};Prefix=some/prefix");
    }
}
