using Silk.NET.OpenCL;

namespace Upweave.Kernels.Gpu;

/// <summary>The devices of this machine.</summary>
public static class GpuDevices
{
    /// <summary>What NVIDIA's driver offers, and others for the same devices do not.</summary>
    private const string NvidiaAttributes = "cl_nv_device_attribute_query";

    /// <summary>Of that extension.</summary>
    private const int ComputeCapabilityMajor = 0x4000;
    private const int ComputeCapabilityMinor = 0x4001;

    /// <summary>All that OpenCL offers, graphics processors first.</summary>
    /// <exception cref="GpuException">There is no OpenCL on this machine, or it does not answer.</exception>
    public static IReadOnlyList<GpuDeviceInfo> List()
    {
        IEnumerable<GpuDeviceInfo> found = OpenCl.Devices().Select(Describe).OrderBy(device => device.IsGpu ? 0 : 1);
        return [.. found.Select((device, index) => device with { Index = index })];
    }

    private static GpuDeviceInfo Describe(nint id)
    {
        GpuDeviceInfo info = DescribeAny(id);
        if (!info.IsNvidia)
            return info;
        int major = OpenCl.Value<int>(id, (DeviceInfo)ComputeCapabilityMajor);
        return info with { ComputeCapability = (10 * major) + OpenCl.Value<int>(id, (DeviceInfo)ComputeCapabilityMinor) };
    }

    private static GpuDeviceInfo DescribeAny(nint id)
    {
        DeviceType type = (DeviceType)OpenCl.Value<ulong>(id, DeviceInfo.Type);
        return new GpuDeviceInfo(
            Index: 0, OpenCl.Text(id, DeviceInfo.Name), OpenCl.Text(id, DeviceInfo.Version), OpenCl.Text(id, DeviceInfo.DriverVersion),
            IsGpu: (type & (DeviceType.Gpu | DeviceType.Accelerator)) != 0,
            checked((long)OpenCl.Value<ulong>(id, DeviceInfo.GlobalMemSize)), OpenCl.Value<int>(id, DeviceInfo.MaxComputeUnits))
        {
            Id = id,
            IsNvidia = OpenCl.Text(id, DeviceInfo.Extensions).Split(' ').Contains(NvidiaAttributes),
        };
    }
}
