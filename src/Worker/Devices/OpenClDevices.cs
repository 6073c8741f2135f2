using Upweave.Kernels.Gpu;
using Upweave.ServiceDefaults;

namespace Upweave.Worker.Devices;

/// <summary>Chooses among the devices that OpenCL offers.</summary>
internal static class OpenClDevices
{
    /// <exception cref="SettingsException">The device that was named is not there, or cannot be used.</exception>
    public static IComputeDevice Open(DeviceChoice choice) =>
        choice.Kind == DeviceChoiceKind.Auto ? OpenFirst() : OpenNamed(choice);

    /// <summary>What is wrong with each graphics processor is told, but is no failure.</summary>
    private static IComputeDevice OpenFirst()
    {
        try
        {
            List<string> faults = [];
            foreach (GpuDeviceInfo info in GpuDevices.List().Where(info => info.IsGpu))
            {
                try
                {
                    return new OpenClDevice(GpuDevice.Open(info));
                }
                catch (GpuException error)
                {
                    faults.Add(error.Message);
                }
            }

            return new ProcessorDevice(faults.Count == 0 ? "OpenCL offers no graphics processor here" : string.Join(" ", faults));
        }
        catch (GpuException error)
        {
            return new ProcessorDevice(error.Message);
        }
    }

    private static OpenClDevice OpenNamed(DeviceChoice choice)
    {
        try
        {
            IReadOnlyList<GpuDeviceInfo> all = GpuDevices.List();
            GpuDeviceInfo info = all.FirstOrDefault(info => choice.Index is int index ? info.Index == index : info.IsGpu)
                ?? throw new SettingsException($"There is no device {choice}. {Offered(all)}");
            return new OpenClDevice(GpuDevice.Open(info));
        }
        catch (GpuException error)
        {
            throw new SettingsException($"The device {choice} cannot be used: {error.Message}");
        }
    }

    private static string Offered(IReadOnlyList<GpuDeviceInfo> all) => all.Count == 0
        ? $"OpenCL offers none here. {ComputeDevices.Hint}"
        : $"OpenCL offers {string.Join(", ", all.Select(Describe))}. hint: name one of them, or compute on the processor (cpu)";

    private static string Describe(GpuDeviceInfo info) =>
        $"gpu:{info.Index} {info.Name}{(info.IsGpu ? "" : " (not a graphics processor)")}";
}
