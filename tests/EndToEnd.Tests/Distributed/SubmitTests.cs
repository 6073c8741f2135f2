using System.Text.Json;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Schema;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Jobs submitted over RabbitMQ, by the command line and by Python, computed by two worker processes into blob storage.</summary>
[Collection(ServersCollection.Name)]
public sealed class SubmitTests(ServersFixture servers) : IAsyncLifetime
{
    private const ulong Seed = 2607;
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync() => deployment = await Deployment.StartAsync(servers, workers: 2);

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Submit_PictureAndVolume_EqualTheEmbeddedRun()
    {
        folder.Write("picture.npy", NpyArray.RandomBytes(Seed, 3, 150, 210));
        await folder.SucceedAsync("copy picture.npy picture.png");
        folder.Write("volume.npy", NpyArray.Random(Seed, 2, 21, 34, 45));
        folder.Write("w.npy", NpyArray.Random(Seed + 1, 2, 3, 3, 3, 3));
        const string Picture = """[{"preset":"bicubic","scale":[2,3]}]""";
        const string Volume = """[{"weights":"{0}w.npy","strides":[2,2,2],"pads":[1,1,1,1,1,1]}]""";
        (string Input, string Layers, string Tile)[] cases = [("picture.png", Picture, "[60]"), ("volume.npy", Volume, "[8,16,32]")];
        await CopyToStoreAsync("picture.png", "volume.npy", "w.npy");
        HashSet<string> workers = [];
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        foreach ((string input, string layers, string tile) in cases)
        {
            await WriteJobAsync("embedded.json", input, "embedded.npy", layers.Replace("{0}", "", StringComparison.Ordinal), tile);
            await folder.SucceedAsync("run --job embedded.json");
            string hash = folder.Read("embedded.npy").Sha256;
            foreach (string format in new[] { "npy", "zarr" })
            {
                foreach (string client in new[] { "command", "python" })
                {
                    string output = $"results/{input}.{client}.{format}";
                    await WriteJobAsync("job.json", "data/" + input, output, layers.Replace("{0}", "data/", StringComparison.Ordinal), tile);
                    if (client == "python")
                        (await PythonClient.SubmitAsync(folder, deployment.Broker, "job.json")).AssertExitCode(0);
                    else
                        await deployment.SucceedAsync(folder, "submit --job job.json --wait");
                    Assert.Equal(hash, await deployment.HashAsync(folder, output));
                }
            }

            File.Delete(folder.At("embedded.npy"));
        }

        workers.UnionWith(spy.Heard.Where(report => report.Tiles > 0).Select(report => report.Worker));
        Assert.Equal(2, workers.Count);
        Assert.DoesNotContain(await BlobView.NamesAsync(deployment, "results"), name => name.Contains(".upweave/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("command")]
    [InlineData("python")]
    public async Task Submit_BadJob_ComesBackWithAllItsErrors(string client)
    {
        await WriteJobTextAsync("""
            {"version":1,"input":"data/missing.npy","output":"elsewhere/out.npy","surprise":1,"dtype":"float12",
             "layers":[{"preset":"cubic","scale":[2,2]}]}
            """);
        UpweaveResult result = client == "python"
            ? await PythonClient.SubmitAsync(folder, deployment.Broker, "job.json")
            : await deployment.RunAsync(folder, "submit --job job.json --wait");
        result.AssertExitCode(2);
        string said = result.Output + result.Error;
        foreach (string word in new[] { "surprise", "float12", "cubic", "elsewhere", "missing.npy" })
        {
            Assert.Contains(word, said, StringComparison.Ordinal);
        }

        Assert.Empty(await BlobView.NamesAsync(deployment, "results"));
    }

    private Task WriteJobTextAsync(string json) => File.WriteAllTextAsync(folder.At("job.json"), json, TestContext.Current.CancellationToken);

    private async Task CopyToStoreAsync(params string[] files)
    {
        foreach (string file in files)
        {
            await deployment.SucceedAsync(folder, $"copy {file} data/{file}");
        }
    }

    private Task WriteJobAsync(string file, string input, string output, string layers, string tile)
    {
        string json = $$"""{"version":1,"input":"{{input}}","output":"{{output}}","layers":{{layers}},"tile":{{tile}}}""";
        return File.WriteAllTextAsync(folder.At(file), JobSchema.AssertValid(json), TestContext.Current.CancellationToken);
    }
}
