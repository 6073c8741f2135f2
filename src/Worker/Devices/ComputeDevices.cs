using System.Runtime.InteropServices;
using Upweave.ServiceDefaults;

namespace Upweave.Worker.Devices;

/// <summary>Opens what a worker computes on.</summary>
public static class ComputeDevices
{
    private static readonly string[] LibraryNames = OperatingSystem.IsWindows() ? ["OpenCL.dll"] : ["libOpenCL.so.1", "libOpenCL.so"];

    /// <summary>
    /// Opens a device. The project of devices, and its packages, are loaded only where the system has an OpenCL library, so that a
    /// worker without one starts as fast as if there were no devices.
    /// </summary>
    /// <exception cref="SettingsException">The device that was named is not there, or cannot be used; the message says what is.</exception>
    public static IComputeDevice Open(DeviceChoice choice)
    {
        if (choice.Kind == DeviceChoiceKind.Processor)
            return new ProcessorDevice();
        if (HasLibrary())
            return OpenClDevices.Open(choice);
        string why = $"there is no OpenCL library ({LibraryNames[0]}) on this machine";
        return choice.Kind == DeviceChoiceKind.Auto
            ? new ProcessorDevice(why)
            : throw new SettingsException($"There is no device {choice}: {why}. {Hint}");
    }

    internal const string Hint = "hint: install the device's driver with OpenCL (docs/gpu.md), or compute on the processor (cpu)";

    private static bool HasLibrary() => LibraryNames.Any(name => NativeLibrary.TryLoad(name, out _));
}
