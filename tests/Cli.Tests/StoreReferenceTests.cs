using Upweave.Cli.Arrays;
using Upweave.Cli.Tests.Support;

namespace Upweave.Cli.Tests;

/// <summary>References to stores and paths of files, beside each other.</summary>
public sealed class StoreReferenceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string option;

    public StoreReferenceTests()
    {
        option = "data=" + folder.At("root");
        folder.WriteArray("x.npy");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Copy_ToAStoreAndBack_KeepsTheArray()
    {
        await SucceedAsync("copy", folder.At("x.npy"), "data/deep/x.zarr");
        Assert.True(File.Exists(folder.At("root", "deep", "x.zarr", "zarr.json")));
        await SucceedAsync("copy", "data/deep/x.zarr", folder.At("y.npy"));
        Assert.Equal(
            (await SucceedAsync("inspect", folder.At("x.npy"), "--hash")).Output.Split('\n')[^2],
            (await SucceedAsync("inspect", "data/deep/x.zarr", "--hash")).Output.Split('\n')[^2]);
        Assert.Equal([folder.At("root", "deep", "x.zarr")], Directory.GetFileSystemEntries(folder.At("root", "deep")));
    }

    [Fact]
    public async Task Copy_FileOfSeveralArrays_IsByteForByte()
    {
        byte[] content = [.. Enumerable.Range(0, 9_000_000).Select(index => (byte)(index % 251))];
        folder.Write("w.npz", content);
        await SucceedAsync("copy", folder.At("w.npz"), "data/w.npz");
        Assert.Equal(content, await File.ReadAllBytesAsync(folder.At("root", "w.npz"), TestContext.Current.CancellationToken));
        CommandLineRun again = await RunAsync("copy", folder.At("w.npz"), "data/w.npz");
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--overwrite", again.Error, StringComparison.Ordinal);
        await SucceedAsync("copy", folder.At("w.npz"), "data/w.npz", "--overwrite");
        Assert.Equal([folder.At("root", "w.npz")], Directory.GetFileSystemEntries(folder.At("root")));
    }

    [Fact]
    public async Task Copy_SamePlaceInAnotherSpelling_IsRefused()
    {
        folder.WriteArray("root/x.npy");
        CommandLineRun run = await RunAsync("copy", folder.At("root", "x.npy"), "data/x.npy", "--overwrite");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is the source", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StoreToStore_WritesThere()
    {
        folder.WriteArray("root/x.npy");
        await SucceedAsync("plan", "data/x.npy", "data/y.npy", "--preset", "nearest", "--scale", "2,2");
        Assert.False(File.Exists(folder.At("root", "y.npy")));
        CommandLineRun run = await SucceedAsync("run", "data/x.npy", "data/y.npy", "--preset", "nearest", "--scale", "2,2");
        Assert.Contains("data/y.npy", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.At("root", "y.npy")));
    }

    [Fact]
    public async Task Inspect_PathOutOfTheStore_IsRefused()
    {
        CommandLineRun run = await RunAsync("inspect", "data/../x.npy");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'..'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("data=")]
    [InlineData("=x")]
    [InlineData("a/b=x")]
    public async Task Inspect_BadStore_SaysHowToWriteOne(string store)
    {
        CommandLineRun run = await CommandLineRun.RunAsync("inspect", folder.At("x.npy"), "--store", store);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("NAME=VALUE", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    /// <summary>A folder with the name of a store is still to be had.</summary>
    [Fact]
    public void PlaceOf_NameOfAStore_IsThatOfTheStore()
    {
        ReferenceCatalog catalog = Catalog("/root");
        Assert.Equal("/root/a/b", catalog.PlaceOf("data/a/b"));
        Assert.Equal("/root/a/b", catalog.PlaceOf("/root/x/../a/b/"));
        Assert.Equal(Path.GetFullPath("data/a/b"), catalog.PlaceOf("./data/a/b"));
        Assert.Equal(Path.GetFullPath("data"), catalog.PlaceOf("data"));
        Assert.Equal(Path.GetFullPath("database/a"), catalog.PlaceOf("database/a"));
    }

    [Fact]
    public void PlaceOf_Container_IsNoPath()
    {
        Assert.Equal("https://a.example.org/c\nx.npy", Catalog("https://a.example.org/c").PlaceOf("data/x.npy"));
        Assert.Equal("UseDevelopmentStorage=true;Container=c\nx.npy", Catalog("UseDevelopmentStorage=true;Container=c").PlaceOf("data/x.npy"));
    }

    private static ReferenceCatalog Catalog(string value) => new(new Dictionary<string, string> { ["data"] = value });

    private Task<CommandLineRun> RunAsync(params string[] arguments) => CommandLineRun.RunAsync([.. arguments, "--store", option]);

    private async Task<CommandLineRun> SucceedAsync(params string[] arguments)
    {
        CommandLineRun run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }
}
