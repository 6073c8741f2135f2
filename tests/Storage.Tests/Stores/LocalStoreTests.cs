using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

public sealed class LocalStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Write_AnyOutcome_LeavesNoTemporaryFile()
    {
        await WriteAsync("d/x", "1", WriteCondition.IfAbsent);
        await WriteAsync("d/x", "2", WriteCondition.IfAbsent);
        Directory.CreateDirectory(folder.At("d/folder"));
        await Assert.ThrowsAnyAsync<SystemException>(async () => await WriteAsync("d/folder", "3"));
        Assert.Equal(["folder", "x"], Directory.EnumerateFileSystemEntries(folder.At("d")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task List_TemporaryFileLeftByACrash_IsNotListed()
    {
        await WriteAsync("d/a", "1");
        folder.Write("d/.upweave-left-by-a-crash", "x"u8);
        Assert.Equal(["d/a"], await ListAsync("d"));
    }

    protected override IObjectStore Reopen() => new LocalStore(folder.Root);
}
