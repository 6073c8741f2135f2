using System.Text.Json;
using Azure.Storage.Blobs;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>A job in blob storage that everybody has abandoned is found and removed, and nothing else is.</summary>
[Collection(ServersCollection.Name)]
public sealed class GarbageTests(ServersFixture servers, HeavyJob job) : IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync()
    {
        deployment = await Deployment.StartAsync(servers, workers: 1);
        foreach (string file in new[] { "x.npy", "w.npy" })
        {
            await deployment.SucceedAsync(folder, $"copy {job.At(file)} data/{file}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("results/deep/y.npy", 8)]
    [InlineData("results/deep/y.zarr", 48)]
    public async Task Gc_AbandonedJobBesideAPublishedOutput_RemovesWhatItLeftAndNothingElse(string output, int tile)
    {
        await deployment.SucceedAsync(folder, "submit data/x.npy results/deep/kept.zarr --preset nearest --scale 2,2 --wait");
        IReadOnlyList<string> published = [.. await BlobView.NamesAsync(deployment, "results")];
        string hash = await deployment.HashAsync(folder, "results/deep/kept.zarr");
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        await deployment.SucceedAsync(folder, $"submit {HeavyJob.StoreArguments("data/", output)} --tile {tile}");
        string worker = (await spy.NextAsync()).Worker;
        await deployment.Coordinator.KillAsync(TestContext.Current.CancellationToken);
        await deployment.Worker(worker).KillAsync(TestContext.Current.CancellationToken);

        JsonElement recent = await GcAsync("results");
        Assert.Equal((0, 1), (recent.GetProperty("removed").GetArrayLength(), recent.GetProperty("recent").GetInt32()));
        JsonElement wouldBe = await GcAsync("results/deep --older-than 0s --dry-run");
        Assert.True(wouldBe.GetProperty("bytes").GetInt64() > 0);
        bool isFile = output.EndsWith(".npy", StringComparison.Ordinal);
        Assert.Equal(isFile, wouldBe.GetProperty("removed")[0].GetProperty("blocks").GetInt64() > 0);
        Assert.NotEqual(published, await BlobView.NamesAsync(deployment, "results"));

        JsonElement removed = await GcAsync("results --older-than 0s");
        Assert.Equal(output["results/".Length..], Assert.Single(removed.GetProperty("removed").EnumerateArray()).GetProperty("output").GetString());
        Assert.Equal(published, await BlobView.NamesAsync(deployment, "results"));
        Assert.Equal(0, await BlobView.UncommittedBlocksAsync(deployment, output));
        Assert.Equal(hash, await deployment.HashAsync(folder, "results/deep/kept.zarr"));
    }

    /// <summary>What a worker writes after its job was cancelled, claim and all.</summary>
    [Fact]
    public async Task Gc_BlocksAndPartsWithoutAClaim_AreRemovedAndPublishedOnesAreNot()
    {
        foreach (string kept in new[] { "kept.npy", "kept.zarr", "kept.ome.zarr" })
        {
            await deployment.SucceedAsync(folder, $"submit data/x.npy results/deep/{kept} --preset nearest --scale 2,2 --wait");
        }

        IReadOnlyList<string> published = [.. await BlobView.NamesAsync(deployment, "results")];
        AzureBlobStore store = new(new BlobContainerClient(deployment.Azurite, $"{deployment.Prefix}-results"));
        string owner = new('a', 32);
        await store.StageFile("deep/late.npy", owner).StageAsync(new StagedBlock(0, 0, 5), new byte[5], TestContext.Current.CancellationToken);
        await store.StageTree("deep/late.zarr", owner, "zarr.json").WriteAsync("c/0/1", new byte[6], TestContext.Current.CancellationToken);
        JsonElement wouldBe = await GcAsync("results --older-than 0s --dry-run");
        Assert.Equal(11, wouldBe.GetProperty("bytes").GetInt64());
        JsonElement removed = await GcAsync("results --older-than 0s");
        Assert.Equal(
            ["deep/late.npy", "deep/late.zarr/c/0"],
            removed.GetProperty("removed").EnumerateArray().Select(one => one.GetProperty("output").GetString()).Order());
        Assert.Equal(published, await BlobView.NamesAsync(deployment, "results"));
    }

    private async Task<JsonElement> GcAsync(string arguments) => (await deployment.SucceedAsync(folder, $"gc {arguments} --json")).Json;
}
