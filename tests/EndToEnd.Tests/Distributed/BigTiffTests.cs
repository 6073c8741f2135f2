using System.Globalization;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.Tests.Readers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>A file beyond 2 GiB, whose offsets have 64 bits: by workers into blob storage, and from there to other software.</summary>
[Collection(ServersCollection.Name)]
public sealed class BigTiffTests(ServersFixture servers) : IAsyncLifetime
{
    private const ulong Seed = 2202;
    private const int Side = 2900;
    private const int Scale = 16;

    /// <summary>A coordinator, or a worker of one slot.</summary>
    private const long MemoryMax = 500_000_000;

    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync() => deployment = await Deployment.StartAsync(servers, workers: 2);

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Not compressed, so that the file is as long as it says without that a processor is kept busy.</summary>
    [Fact]
    public async Task Submit_OutputBeyond2GiB_IsABigTiffThatTiffinfoAndVipsRead()
    {
        byte[] input = NpyArray.RandomBytes(Seed, Side * Side).Bytes;
        folder.Write("x.npy", NpyArray.UInt8([1, Side, Side], input));
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        await deployment.SucceedAsync(
            folder, $"submit data/x.npy results/y.tif --preset nearest --scale {Scale},{Scale} --format compression=none --wait");
        Assert.All(deployment.Hosts, host => Assert.InRange(host.PeakMemory, 1, MemoryMax));
        await deployment.SucceedAsync(folder, "copy results/y.tif y.tif");

        byte[] head = new byte[4];
        using (FileStream file = File.OpenRead(folder.At("y.tif")))
        {
            Assert.InRange(file.Length, int.MaxValue, 2_300_000_000);
            file.ReadExactly(head);
        }

        Assert.Equal("II+\0"u8.ToArray(), head);
        string said = await ReaderProcess.RunAsync(folder.Root, "tiffinfo", ["y.tif"]);
        Assert.Contains($"Image Width: {Side * Scale} Image Length: {Side * Scale}\n", said, StringComparison.Ordinal);
        foreach ((int x, int y) in ((int, int)[])[(0, 0), (1501, 40_007), ((Side * Scale) - 300, (Side * Scale) - 200)])
        {
            Assert.Equal(Expected(input, x, y, 300, 200), await CropAsync(x, y, 300, 200));
        }
    }

    /// <summary>Each element is the input's that it came from.</summary>
    private static byte[] Expected(byte[] input, int left, int top, int width, int height) =>
    [
        .. Enumerable.Range(top, height).SelectMany(
            y => Enumerable.Range(left, width).Select(x => input[(y / Scale * Side) + (x / Scale)])),
    ];

    private async Task<byte[]> CropAsync(int x, int y, int width, int height)
    {
        string[] place = [.. ((int[])[x, y, width, height]).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        await ReaderProcess.RunAsync(folder.Root, "vips", ["crop", "y.tif", "crop.v", .. place]);
        await ReaderProcess.RunAsync(folder.Root, "vips", ["rawsave", "crop.v", "crop.raw"]);
        return await File.ReadAllBytesAsync(folder.At("crop.raw"), TestContext.Current.CancellationToken);
    }
}
