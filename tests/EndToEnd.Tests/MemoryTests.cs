using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>A job's memory is bounded by its tiles, not by its arrays.</summary>
public sealed class MemoryTests : IDisposable
{
    private const long Side = 8192;
    private const long InputBytes = Side * Side * sizeof(float);
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_OnAnInputOf256MiB_NeverHoldsIt()
    {
        using (FileStream file = File.Create(folder.At("x.npy")))
        {
            // Zeros that the file system need not store; the program reads every one of them.
            byte[] header = NpyFile.Header(new NpyArray("<f4", [Side, Side], []));
            await file.WriteAsync(header, TestContext.Current.CancellationToken);
            file.SetLength(header.Length + InputBytes);
        }

        // On the processor: what a driver of devices takes, with its compiler, is not the job's.
        using UpweaveProcess process = UpweaveProcess.Start(
            folder.Root, "run x.npy y.zarr --preset linear --scale 1 --dtype uint8 --memory 64MiB --device cpu --json");
        long peak = await process.PeakMemoryAtEndAsync();
        UpweaveResult result = await process.WaitAsync();
        result.AssertSuccess();
        Assert.True(result.Json.GetProperty("summary").GetProperty("costs").GetProperty("bytes_read").GetInt64() >= InputBytes, result.ToString());
        Assert.InRange(peak, 1 << 20, InputBytes * 3 / 4);
    }
}
