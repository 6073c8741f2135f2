using System.Globalization;
using System.Text.Json;
using Upweave.Bench.Gpu;
using Upweave.Bench.Shapes;
using Upweave.Kernels.Gpu;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    GpuOptions options = GpuOptions.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(GpuOptions.Usage);
        return 0;
    }

    IReadOnlyList<GpuDeviceInfo> devices = GpuDevices.List();
    if (options.Device >= devices.Count)
    {
        Console.Error.WriteLine($"error: there are {devices.Count} devices. hint: --device gpu:0 is the first");
        return 2;
    }

    IEnumerable<ShapeRow> rows = options.RandomSeed is int seed ? RandomShapes.Draw(seed) : ShapeFile.Read(options.Shapes);
    using GpuDevice device = GpuDevice.Open(devices[options.Device]);
    using TorchPeer? peer = options.Peer ? TorchPeer.Start(out string reason) : NoPeer(out reason);
    GpuBench bench = new(device, peer, options);
    Console.WriteLine($"{device.Info.Name}, {device.Info.Platform}, driver {device.Info.Driver}");
    Console.WriteLine(peer is null ? $"No PyTorch to compare with: {reason}" : peer.Version);
    bool isGood = bench.Run(rows.Where(row => row.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase)));
    if (options.Json is string json)
        File.WriteAllText(json, JsonSerializer.Serialize(bench.Results, GpuResult.Indented));
    return isGood ? 0 : 1;
}
catch (Exception error) when (error is FormatException or GpuException or IOException)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 2;
}

static TorchPeer? NoPeer(out string reason)
{
    reason = "--peers none";
    return null;
}
