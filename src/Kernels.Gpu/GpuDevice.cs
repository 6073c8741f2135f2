using System.Collections.Concurrent;
using Silk.NET.OpenCL;

namespace Upweave.Kernels.Gpu;

/// <summary>
/// A device in use: its programs, and a few streams for tiles that are on it at the same time. Safe for concurrent use. It has
/// proved by <see cref="ArithmeticProof"/> that it computes what docs/arithmetic.md says.
/// </summary>
public sealed unsafe class GpuDevice : IDisposable
{
    /// <summary>Tiles on a device at a time: while one computes, another goes there and a third comes back.</summary>
    public const int StreamsMost = 3;

    private readonly ConcurrentDictionary<string, Lazy<DeviceProgram>> programs = new();
    private readonly ConcurrentDictionary<FastPrecision, Lazy<string?>> fastProofs = new();
    private readonly ConcurrentBag<GpuStream> idle = [];
    private readonly SemaphoreSlim free = new(StreamsMost);
    private readonly nint copies;
    private volatile string? lost;
    private int disposed;

    private GpuDevice(GpuDeviceInfo info)
    {
        Info = info;
        nint id = info.Id;
        int code;
        Context = OpenCl.Api.CreateContext(null, 1, &id, null, null, &code);
        OpenCl.Check(code, $"opening {info.Name}");
        copies = OpenCl.Api.CreateCommandQueue(Context, id, CommandQueueProperties.None, &code);
        OpenCl.Check(code, $"opening {info.Name}");
    }

    public GpuDeviceInfo Info { get; }

    /// <summary>Why nothing is computed here any more; null while all is well.</summary>
    public string? Lost => lost;

    internal nint Context { get; }

    /// <summary>Opens a device, and has it prove its arithmetic.</summary>
    /// <exception cref="GpuException">It cannot be opened, or computes something else.</exception>
    public static GpuDevice Open(GpuDeviceInfo info)
    {
        GpuDevice device = new(info);
        try
        {
            ArithmeticProof.Check(device);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>Memory of this process that the device copies from and to by itself.</summary>
    /// <param name="byteLength">Below 2^31.</param>
    public PinnedBuffer Pin(long byteLength) => new(this, copies, byteLength);

    /// <summary>Frees what is the device's. A lost one is left alone: its driver may hang, and the process is to end.</summary>
    public void Dispose()
    {
        if (lost is not null || Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        foreach (GpuStream stream in idle)
            stream.Dispose();
        foreach (Lazy<DeviceProgram> program in programs.Values)
        {
            if (program.IsValueCreated)
                program.Value.Dispose();
        }

        OpenCl.Api.ReleaseCommandQueue(copies);
        OpenCl.Api.ReleaseContext(Context);
        free.Dispose();
    }

    /// <summary>Whether matrix units compute at this precision here; else why not. Found out once, in a context of its own.</summary>
    internal string? WhyNotFast(FastPrecision precision) => fastProofs.GetOrAdd(
        precision,
        asked => new Lazy<string?>(() =>
        {
            if (!Info.HasMatrixUnits(asked))
                return $"it has no matrix units for {asked} that Upweave can use";
            using GpuDevice apart = new(Info);
            return FastProof.Run(apart, asked);
        })).Value;

    /// <summary>The program with this text; compiled once.</summary>
    internal DeviceProgram Program(string source) =>
        programs.GetOrAdd(source, text => new Lazy<DeviceProgram>(() => new DeviceProgram(Context, Info.Id, text))).Value;

    /// <summary>A stream for one tile; waits while <see cref="StreamsMost"/> are in use.</summary>
    /// <exception cref="GpuLostException">The device is lost.</exception>
    internal GpuStream Rent(CancellationToken cancellationToken)
    {
        free.Wait(cancellationToken);
        try
        {
            if (lost is string reason)
                throw new GpuLostException(reason);
            return idle.TryTake(out GpuStream? stream) ? stream : new GpuStream(Context, Info.Id);
        }
        catch
        {
            free.Release();
            throw;
        }
    }

    /// <summary>It is usable again.</summary>
    internal void Return(GpuStream stream)
    {
        idle.Add(stream);
        free.Release();
    }

    /// <summary>Nothing is computed here any more. The stream's memory stays: the device may still write to it.</summary>
    internal GpuLostException Lose(string reason)
    {
        lost ??= $"The device {Info.Name} is lost: {reason}";
        free.Release();
        return new GpuLostException(lost);
    }
}
