using System.Text.Json;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Arrays;

/// <summary>OUTPUT.upweave.json is there with the output that it tells of, and not without it.</summary>
public sealed class ProvenanceFileTests : IDisposable
{
    private const string Beside = "out.npy.upweave.json";

    private readonly TestFolder folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Commit_OutputOfAPlan_HasItsProvenanceBesideIt()
    {
        IArrayWriter writer = await StageAsync("plan1", """{"plan":"plan1","layers":[1,2]}""");
        Assert.False(File.Exists(folder.At(Beside)));
        Assert.True(await writer.CommitAsync(WriteCondition.IfAbsent, Cancelled));
        Assert.Equal("plan1", Read().GetProperty("plan").GetString());
        Assert.True(await writer.CommitAsync(WriteCondition.IfAbsent, Cancelled));
        Assert.Equal("plan1", Read().GetProperty("plan").GetString());
    }

    [Fact]
    public async Task Commit_Overwriting_TellsOfTheNewOutput()
    {
        await CommitAsync("plan1", """{"plan":"plan1"}""", WriteCondition.IfAbsent);
        await CommitAsync("plan2", """{"plan":"plan2"}""", await StillAsync());
        Assert.Equal("plan2", Read().GetProperty("plan").GetString());
    }

    [Fact]
    public async Task Commit_PlainCopyOverAnOutput_LeavesNothingThatTellsOfTheOldOne()
    {
        await CommitAsync("plan1", """{"plan":"plan1"}""", WriteCondition.IfAbsent);
        await CommitAsync("copy", provenance: null, await StillAsync());
        Assert.False(File.Exists(folder.At(Beside)));
    }

    [Fact]
    public async Task Commit_AnotherOutputAppeared_LeavesItsProvenance()
    {
        IArrayWriter late = await StageAsync("plan2", """{"plan":"plan2"}""");
        await CommitAsync("plan1", """{"plan":"plan1"}""", WriteCondition.IfAbsent);
        Assert.False(await late.CommitAsync(WriteCondition.IfAbsent, Cancelled));
        await late.DiscardAsync(Cancelled);
        Assert.Equal("plan1", Read().GetProperty("plan").GetString());
    }

    [Fact]
    public async Task Commit_OutputToReplaceIsGone_WritesNothing()
    {
        await CommitAsync("plan1", """{"plan":"plan1"}""", WriteCondition.IfAbsent);
        WriteCondition condition = await StillAsync();
        File.Delete(folder.At("out.npy"));
        IArrayWriter writer = await StageAsync("plan2", """{"plan":"plan2"}""");
        Assert.False(await writer.CommitAsync(condition, Cancelled));
        Assert.Equal("plan1", Read().GetProperty("plan").GetString());
    }

    [Fact]
    public async Task Commit_OutputToReplaceChanged_RemovesItsOwnAgain()
    {
        await CommitAsync("plan1", """{"plan":"plan1"}""", WriteCondition.IfAbsent);
        IArrayWriter writer = await StageAsync("plan2", """{"plan":"plan2"}""");
        Assert.False(await writer.CommitAsync(WriteCondition.IfMatch("another"), Cancelled));
        Assert.False(File.Exists(folder.At(Beside)));
    }

    [Fact]
    public async Task Discard_BeforeTheOutputWasPublished_RemovesItsOwnOnly()
    {
        // A process that ended between the two writes leaves this.
        const string left = "{\n  \"plan\": \"plan1\"\n}\n";
        folder.Write(Beside, System.Text.Encoding.UTF8.GetBytes(left));
        IArrayWriter other = await StageAsync("plan2", """{"plan":"plan2"}""");
        await other.DiscardAsync(Cancelled);
        Assert.True(File.Exists(folder.At(Beside)));
        IArrayWriter own = await StageAsync("plan1", """{"plan":"plan1"}""");
        await own.DiscardAsync(Cancelled);
        Assert.False(File.Exists(folder.At(Beside)));
    }

    private async Task<IArrayWriter> StageAsync(string owner, string? provenance)
    {
        Sample sample = Sample.Random(new Random(1), [4], ElementType.UInt8);
        IArrayWriter writer = ArrayWriters.Create(folder.Store, new OutputLayout
        {
            Format = OutputFormat.Npy,
            Path = "out.npy",
            Owner = owner,
            Shape = sample.Shape,
            Type = sample.Type,
            Tile = sample.Shape,
            Chunk = sample.Shape,
            Provenance = provenance,
        });
        using EncodedTile tile = writer.Encode(0, sample.Bytes);
        await writer.WriteAsync(tile, Cancelled);
        return writer;
    }

    private async Task CommitAsync(string owner, string? provenance, WriteCondition condition)
    {
        IArrayWriter writer = await StageAsync(owner, provenance);
        Assert.True(await writer.CommitAsync(condition, Cancelled));
    }

    private async Task<WriteCondition> StillAsync() =>
        WriteCondition.IfMatch((await folder.Store.StatAsync("out.npy", Cancelled))!.ETag);

    private JsonElement Read() => JsonDocument.Parse(File.ReadAllBytes(folder.At(Beside))).RootElement;
}
