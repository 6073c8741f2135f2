using System.Text;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

/// <summary>What every kind of store does.</summary>
public abstract class ObjectStoreContract
{
    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected IObjectStore Store => field ??= Reopen();

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/..")]
    [InlineData("./a")]
    [InlineData("a\0b")]
    [InlineData(".upweave-0123")]
    public async Task AnyCall_PathLeavesRoot_IsRefused(string path)
    {
        await Assert.ThrowsAsync<InvalidArrayException>(async () => await Store.StatAsync(path, Cancelled));
        await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Store.WriteAsync(path, new byte[1], WriteCondition.Always, Cancelled));
        await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Store.ReadAsync(path, 0, new byte[1], null, Cancelled));
        await Assert.ThrowsAsync<InvalidArrayException>(async () => await Store.DeleteAsync(path, Cancelled));
        await Assert.ThrowsAsync<InvalidArrayException>(async () => await Store.DeleteAllAsync(path, Cancelled));
    }

    [Fact]
    public async Task Write_NewObject_IsReadBackByRange()
    {
        Assert.True(await WriteAsync("a/b/c", "0123456789"));
        byte[] range = new byte[4];
        await Store.ReadAsync("a/b/c", 3, range, null, Cancelled);
        Assert.Equal("3456", Encoding.ASCII.GetString(range));
        ObjectInfo info = (await Store.StatAsync("a/b/c", Cancelled))!;
        Assert.Equal(("a/b/c", 10L), (info.Path, info.Length));
        Assert.Null(await Store.StatAsync("a/b", Cancelled));
    }

    [Theory]
    [InlineData("a b/ü#%?&+.x")]
    [InlineData("a%2fb/..c")]
    public async Task Write_NameOfSpecialCharacters_IsTheSameInEveryCall(string path)
    {
        await WriteAsync(path, "x");
        Assert.Equal("x", await ReadAsync(path));
        Assert.Equal([path], await ListAsync(path.Split('/')[0]));
        await Store.DeleteAsync(path, Cancelled);
        Assert.Null(await Store.StatAsync(path, Cancelled));
    }

    [Fact]
    public async Task Read_EmptyObjectOrRange_ReadsNothing()
    {
        await WriteAsync("empty", "");
        await WriteAsync("x", "0123");
        await Store.ReadAsync("empty", 0, default, null, Cancelled);
        await Store.ReadAsync("x", 4, default, null, Cancelled);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Store.ReadAsync("none", 0, default, null, Cancelled));
        await Assert.ThrowsAsync<CorruptDataException>(async () => await Store.ReadAsync("empty", 0, new byte[1], null, Cancelled));
    }

    [Fact]
    public async Task ReadAll_Object_IsWhatStatSaysAndItsBytes()
    {
        await WriteAsync("x", "0123");
        await WriteAsync("empty", "");
        byte[] destination = "........"u8.ToArray();
        ObjectInfo? read = await Store.ReadAllAsync("x", destination, Cancelled);
        Assert.Equal(await Store.StatAsync("x", Cancelled), read);
        Assert.Equal("0123....", Encoding.ASCII.GetString(destination));
        Assert.Equal(4, (await Store.ReadAllAsync("x", destination.AsMemory(0, 3), Cancelled))!.Length);
        Assert.Equal(0, (await Store.ReadAllAsync("empty", destination, Cancelled))!.Length);
        Assert.Null(await Store.ReadAllAsync("none", destination, Cancelled));
    }

    [Fact]
    public async Task Read_BeyondTheEnd_SaysWhereItEnds()
    {
        await WriteAsync("x", "0123");
        CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(
            async () => await Store.ReadAsync("x", 2, new byte[4], null, Cancelled));
        Assert.Contains("byte 4", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CorruptDataException>(async () => await Store.ReadAsync("x", 9, new byte[4], null, Cancelled));
    }

    [Fact]
    public async Task Read_NothingThere_IsFileNotFound()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Store.ReadAsync("x/y", 0, new byte[1], null, Cancelled));
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Store.ReadAsync("x/y", 0, new byte[1], "1-1", Cancelled));
    }

    [Fact]
    public async Task Write_ManyTimesTheSameLength_GivesAnotherETagEachTime()
    {
        HashSet<string> etags = [];
        for (int time = 0; time < 50; time++)
        {
            await WriteAsync("x", "same");
            Assert.True(etags.Add((await Store.StatAsync("x", Cancelled))!.ETag));
        }
    }

    [Fact]
    public async Task Read_OldETag_IsObjectChanged()
    {
        await WriteAsync("x", "old");
        string etag = (await Store.StatAsync("x", Cancelled))!.ETag;
        await Store.ReadAsync("x", 0, new byte[3], etag, Cancelled);
        await WriteAsync("x", "new");
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Store.ReadAsync("x", 0, new byte[3], etag, Cancelled));
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await Store.ReadAsync("x", 0, default, etag, Cancelled));
    }

    [Fact]
    public async Task Write_Conditions_HoldOrNothingIsWritten()
    {
        Assert.False(await WriteAsync("x", "0", WriteCondition.IfMatch("1-1")));
        Assert.Null(await Store.StatAsync("x", Cancelled));
        Assert.True(await WriteAsync("x", "1", WriteCondition.IfAbsent));
        Assert.False(await WriteAsync("x", "1", WriteCondition.IfAbsent));
        Assert.False(await WriteAsync("x", "2", WriteCondition.IfAbsent));
        string etag = (await Store.StatAsync("x", Cancelled))!.ETag;
        Assert.True(await WriteAsync("x", "3", WriteCondition.IfMatch(etag)));
        Assert.False(await WriteAsync("x", "4", WriteCondition.IfMatch(etag)));
        Assert.Equal("3", await ReadAsync("x"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_ConcurrentWithOneCondition_ExactlyOneWins(bool absent)
    {
        for (int round = 0; round < 20; round++)
        {
            string path = $"race/{round}";
            WriteCondition condition = WriteCondition.IfAbsent;
            if (!absent)
            {
                await WriteAsync(path, "before");
                condition = WriteCondition.IfMatch((await Store.StatAsync(path, Cancelled))!.ETag);
            }

            // A store each: nothing in memory is shared, as between processes.
            bool[] won = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
                await Reopen().WriteAsync(path, Encoding.ASCII.GetBytes($"by {writer}"), condition, Cancelled))));
            Assert.Equal(1, won.Count(value => value));
            Assert.Equal($"by {Array.IndexOf(won, true)}", await ReadAsync(path));
        }
    }

    [Fact]
    public async Task List_Folder_GivesObjectsBelowItOnly()
    {
        foreach (string path in new[] { "d/a", "d/e/b", "d/.hidden", "dd/c", "d.upweave/x" })
        {
            await WriteAsync(path, path);
        }

        await foreach (ObjectInfo info in Store.ListAsync("d", Cancelled))
        {
            Assert.Equal(info, await Store.StatAsync(info.Path, Cancelled));
        }

        Assert.Equal(["d/.hidden", "d/a", "d/e/b"], await ListAsync("d"));
        Assert.Empty(await ListAsync("none"));
        Assert.Contains("d/e/b", await ListAsync(""));
    }

    [Fact]
    public async Task Delete_IfMatch_RemovesOnlyWhatWasMeant()
    {
        await WriteAsync("a/b", "1");
        string old = (await Store.StatAsync("a/b", Cancelled))!.ETag;
        await WriteAsync("a/b", "2");
        Assert.False(await Store.DeleteAsync("a/b", old, Cancelled));
        Assert.Equal("2", await ReadAsync("a/b"));
        string etag = (await Store.StatAsync("a/b", Cancelled))!.ETag;
        Assert.True(await Store.DeleteAsync("a/b", etag, Cancelled));
        Assert.Null(await Store.StatAsync("a/b", Cancelled));
        Assert.True(await Store.DeleteAsync("a/b", etag, Cancelled));
        Assert.True(await Store.DeleteAsync("missing/b", etag, Cancelled));
    }

    [Fact]
    public async Task Delete_ObjectOrFolder_IsGoneAndAgainIsNoError()
    {
        await WriteAsync("d/a", "1");
        await WriteAsync("d/b/c", "1");
        await WriteAsync("d2/a", "1");
        await Store.DeleteAsync("d/a", Cancelled);
        await Store.DeleteAsync("d/a", Cancelled);
        await Store.DeleteAsync("none/at/all", Cancelled);
        Assert.Null(await Store.StatAsync("d/a", Cancelled));
        Assert.NotNull(await Store.StatAsync("d/b/c", Cancelled));
        await Store.DeleteAllAsync("d", Cancelled);
        await Store.DeleteAllAsync("d", Cancelled);
        Assert.Null(await Store.StatAsync("d/b/c", Cancelled));
        Assert.NotNull(await Store.StatAsync("d2/a", Cancelled));
    }

    [Fact]
    public async Task GetTime_BesideAWrite_IsBySameClock()
    {
        DateTimeOffset before = await Store.GetTimeAsync(Cancelled);
        await WriteAsync("x", "1");
        DateTimeOffset written = (await Store.StatAsync("x", Cancelled))!.LastModified;
        // Clocks of file systems tick every few milliseconds.
        Assert.InRange(written, before.AddSeconds(-1), await Store.GetTimeAsync(Cancelled));
    }

    /// <summary>The same store by another object, as another process has it.</summary>
    protected abstract IObjectStore Reopen();

    protected ValueTask<bool> WriteAsync(string path, string text, WriteCondition condition = default) =>
        Store.WriteAsync(path, Encoding.ASCII.GetBytes(text), condition, Cancelled);

    protected async Task<string> ReadAsync(string path)
    {
        ObjectInfo info = (await Store.StatAsync(path, Cancelled))!;
        byte[] content = new byte[info.Length];
        await Store.ReadAsync(path, 0, content, info.ETag, Cancelled);
        return Encoding.ASCII.GetString(content);
    }

    protected async Task<string[]> ListAsync(string prefix)
    {
        List<string> found = [];
        await foreach (ObjectInfo info in Store.ListAsync(prefix, Cancelled))
        {
            found.Add(info.Path);
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }
}
