using Silk.NET.OpenCL;

namespace Upweave.Kernels.Gpu;

/// <summary>The system's OpenCL library, loaded when somebody first asks for a device, and what its error codes mean.</summary>
internal static unsafe class OpenCl
{
    private const int DeviceNotFound = -1;
    private const int MemObjectAllocationFailure = -4;
    private const int OutOfHostMemory = -6;
    private const int InvalidBufferSize = -61;
    private const int NoPlatform = -1001;

    private static readonly Lock Loading = new();
    private static readonly Lazy<CL> Library = new(Load);

    /// <summary>Held around calls that take a callback: the binding keeps those in a list that is not safe for concurrent use.</summary>
    public static Lock Callbacks { get; } = new();

    /// <exception cref="GpuException">There is no OpenCL on this machine.</exception>
    public static CL Api => Library.Value;

    /// <summary>Devices of every platform, as OpenCL orders them.</summary>
    /// <exception cref="GpuException">There is no OpenCL on this machine.</exception>
    public static IReadOnlyList<nint> Devices()
    {
        // Drivers are loaded at the first question, and not every loader lets two ask at once.
        lock (Loading)
        {
            return DevicesNow();
        }
    }

    /// <summary>Text about a device, without the zero at its end.</summary>
    public static string Text(nint device, DeviceInfo what)
    {
        nuint length;
        Check(Api.GetDeviceInfo(device, what, 0, null, &length), $"asking for {what}");
        byte[] bytes = new byte[length];
        fixed (byte* first = bytes)
            Check(Api.GetDeviceInfo(device, what, length, first, null), $"asking for {what}");
        return System.Text.Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }

    /// <summary>A number about a device.</summary>
    public static T Value<T>(nint device, DeviceInfo what)
        where T : unmanaged
    {
        T value = default;
        Check(Api.GetDeviceInfo(device, what, (nuint)sizeof(T), &value, null), $"asking for {what}");
        return value;
    }

    /// <exception cref="GpuMemoryException">There is no room on the device.</exception>
    /// <exception cref="GpuException">Anything else is wrong.</exception>
    public static void Check(int code, string what)
    {
        if (code == 0)
            return;
        string message = $"OpenCL failed while {what}: {(ErrorCodes)code} ({code}).";
        throw code is MemObjectAllocationFailure or OutOfHostMemory or InvalidBufferSize
            ? new GpuMemoryException(message)
            : new GpuException(message);
    }

    private static List<nint> DevicesNow()
    {
        uint count = 0;
        int code = Api.GetPlatformIDs(0, null, &count);
        if (code == NoPlatform || count == 0)
            return [];
        Check(code, "asking for platforms");
        nint[] platforms = new nint[count];
        fixed (nint* first = platforms)
            Check(Api.GetPlatformIDs(count, first, null), "asking for platforms");
        return [.. platforms.SelectMany(DevicesOf)];
    }

    private static CL Load()
    {
        try
        {
            return CL.GetApi();
        }
        catch (Exception error) when (error is FileNotFoundException or DllNotFoundException)
        {
            throw new GpuException("There is no OpenCL library (libOpenCL.so.1) on this machine.", error);
        }
    }

    private static nint[] DevicesOf(nint platform)
    {
        uint count = 0;
        int code = Api.GetDeviceIDs(platform, DeviceType.All, 0, null, &count);
        if (code == DeviceNotFound || count == 0)
            return [];
        Check(code, "asking for devices");
        nint[] devices = new nint[count];
        fixed (nint* first = devices)
            Check(Api.GetDeviceIDs(platform, DeviceType.All, count, first, null), "asking for devices");
        return devices;
    }
}
