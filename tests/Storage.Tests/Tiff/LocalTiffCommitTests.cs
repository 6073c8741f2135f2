using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Tiff;

public sealed class LocalTiffCommitTests : TiffCommitContract, IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>The directory is on the disk, the data are not sealed yet: the next commit puts it in the same place.</summary>
    [Fact]
    public async Task Commit_ProcessEndsBetweenDirectoryAndCommit_HasOneDirectory()
    {
        await TiffSample.WriteAsync(Store(), Array, Layout, TiffSample.LongRange(Layout.Tiles().Count));
        Assert.True(await TiffSample.CommitAsync(Store(), Layout));
        for (int crash = 0; crash < 3; crash++)
        {
            string staging = folder.At($"out.upweave/{TiffSample.Plan}");
            File.Move(folder.At("out"), Path.Combine(staging, "data"));
            File.Delete(Path.Combine(staging, "publishing"));
            Assert.False(await ArrayWriters.Create(Store(), Layout).IsCommittedAsync(Cancelled));
            if (crash == 1)
                await TiffSample.WriteAsync(Store(), Sample.Random(new Random(33), Array.Shape, Array.Type), Layout, 0);
            if (crash == 1)
                await TiffSample.WriteAsync(Store(), Array, Layout, 0);
            Assert.True(await TiffSample.CommitAsync(Store(), Layout));
            await TiffSample.CheckAsync(Store(), Array, Layout);
        }
    }

    protected override IObjectStore Store() => new LocalStore(folder.Root);

    protected override async Task LoseBlocksAsync()
    {
        await using FileStream data = File.OpenWrite(folder.At($"out.upweave/{TiffSample.Plan}/data"));
        data.SetLength(data.Length / 2);
    }
}
