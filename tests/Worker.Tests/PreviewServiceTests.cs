using Upweave.Planning;

namespace Upweave.Worker.Tests;

/// <summary>The small picture that a worker draws of a job's input.</summary>
public sealed class PreviewServiceTests
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public async Task Consume_FirstTile_DrawsThePictureBeforeItIsReported()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        await scene.ConsumeAsync(scene.Message(3, 1));
        Assert.DoesNotContain(scene.Folder.Files, file => file.EndsWith("-preview.png", StringComparison.Ordinal));
        string path = scene.Folder.FileOf(JobPaths.Preview("out.npy", scene.Plan.Hash));
        bool isThere = false;
        scene.Heard.Hearing = () => isThere = File.Exists(path);
        await scene.ConsumeAsync(scene.Message(0, 1));
        Assert.True(isThere);
        Assert.Equal(PngSignature, File.ReadAllBytes(path)[..4]);
    }

    [Fact]
    public async Task Consume_PictureCannotBeWritten_TheTileIsDoneAllTheSame()
    {
        await using WorkerScene scene = await WorkerScene.StartAsync();
        Directory.CreateDirectory(scene.Folder.FileOf(JobPaths.Preview("out.npy", scene.Plan.Hash)));
        await scene.ConsumeAsync(scene.Message(0, 1));
        Assert.Equal("done 0+1", scene.Heard.Story);
    }
}
