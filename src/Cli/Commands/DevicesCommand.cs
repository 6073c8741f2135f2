using System.CommandLine;
using Upweave.Cli.Rendering;
using Upweave.Kernels.Gpu;

namespace Upweave.Cli.Commands;

/// <summary><c>devices</c>: what <c>--device</c> may name, and whether it computes exactly.</summary>
internal static class DevicesCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("devices", "Show the devices that --device may name, and whether they compute exactly");
        Option<bool> json = CommonOptions.Json();
        command.Options.Add(json);
        command.SetAction(result =>
        {
            Reporter reporter = new(terminal, result.GetValue(json));
            (IReadOnlyList<GpuDeviceInfo> devices, string? problem) = List();
            (GpuDeviceInfo Info, string? Problem)[] tested = [.. devices.Select(info => (info, Test(info)))];
            return reporter.Succeed(Document(tested, problem), Describe(tested, problem));
        });
        return command;
    }

    private static (IReadOnlyList<GpuDeviceInfo> Devices, string? Problem) List()
    {
        try
        {
            return (GpuDevices.List(), null);
        }
        catch (GpuException error)
        {
            return ([], error.Message);
        }
    }

    /// <summary>Why a device cannot be used; null when it can.</summary>
    private static string? Test(GpuDeviceInfo info)
    {
        try
        {
            GpuDevice.Open(info).Dispose();
            return null;
        }
        catch (GpuException error)
        {
            return error.Message;
        }
    }

    private static object Document((GpuDeviceInfo Info, string? Problem)[] tested, string? problem) => new
    {
        Devices = tested.Select(device => new
        {
            Device = $"gpu:{device.Info.Index}",
            device.Info.Name,
            device.Info.IsGpu,
            device.Info.Platform,
            device.Info.Driver,
            device.Info.MemoryBytes,
            device.Info.ComputeUnits,
            IsExact = device.Problem is null,
            device.Problem,
        }),
        Problem = problem,
    };

    private static Report Describe((GpuDeviceInfo Info, string? Problem)[] tested, string? problem)
    {
        Report report = new();
        foreach ((GpuDeviceInfo info, string? fault) in tested)
        {
            report.Row($"gpu:{info.Index}", info.Name + (info.IsGpu ? "" : "  (not a graphics processor: auto does not take it)"))
                .Row("platform", info.Platform)
                .Row("driver", info.Driver)
                .Row("memory", Units.Memory(info.MemoryBytes))
                .Row("compute units", Units.Count(info.ComputeUnits))
                .Row("arithmetic", fault ?? "exact: has the processor's bits")
                .Gap();
        }

        return report.Row("cpu", tested.Length > 0 ? "the processor, which is always there" : $"the processor. {problem ?? NoDevices}");
    }

    private const string NoDevices = "OpenCL offers no other device here.";
}
