using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

public sealed class StoreCatalogTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("data")]
    [InlineData("other/x")]
    [InlineData("data/../x")]
    [InlineData("data//etc")]
    [InlineData("/data/x")]
    [InlineData("")]
    public void Resolve_UnknownStoreOrPathThatLeavesIt_IsRefused(string reference)
    {
        StoreCatalog catalog = new(new Dictionary<string, string> { ["data"] = folder.Root });
        Assert.Throws<InvalidArrayException>(() => catalog.Resolve(reference));
    }

    [Fact]
    public async Task Resolve_NamedStore_FindsObjectBelowItsRoot()
    {
        folder.Write("a/b.npy", "x"u8);
        StoreCatalog catalog = new(new Dictionary<string, string> { ["data"] = folder.Root });
        (IObjectStore store, string path) = catalog.Resolve("data/a/b.npy");
        Assert.Equal("a/b.npy", path);
        Assert.NotNull(await store.StatAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Resolve_PlainPaths_AreTheFilesTheyName()
    {
        folder.Write("a b/c.npy", "x"u8);
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder.At("a b/c.npy"));
        foreach (string reference in new[] { folder.At("a b/c.npy"), relative, folder.At("a b/../a b/c.npy") })
        {
            (IObjectStore store, string path) = new PlainPathCatalog().Resolve(reference);
            Assert.Equal(folder.At("a b/c.npy"), "/" + path);
            Assert.NotNull(await store.StatAsync(path, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void Resolve_EmptyPlainPath_IsRefused()
    {
        Assert.Throws<InvalidArrayException>(() => new PlainPathCatalog().Resolve(""));
        Assert.Throws<InvalidArrayException>(() => new PlainPathCatalog().Resolve("/"));
    }
}
