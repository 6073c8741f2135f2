using System.Runtime.InteropServices;
using Silk.NET.OpenCL;

namespace Upweave.Kernels.Gpu;

/// <summary>
/// One tile's way over a device: a queue in which copies and kernels follow each other, and memory that is kept. Several streams
/// of a device go on side by side, so one copies while another computes. Used by one thread at a time.
/// </summary>
internal sealed unsafe class GpuStream : IDisposable
{
    private readonly Dictionary<(DeviceProgram Program, string Name), nint> kernels = [];
    private readonly ManualResetEventSlim done = new();
    private readonly EventNotifyCallback whenDone;

    public GpuStream(nint context, nint device)
    {
        int code;
        Queue = OpenCl.Api.CreateCommandQueue(context, device, CommandQueueProperties.None, &code);
        OpenCl.Check(code, "making a queue");
        Input = new DeviceBuffer(context);
        Output = new DeviceBuffer(context);
        Workspace = new DeviceBuffer(context);
        Sums = new DeviceBuffer(context);
        Marks = new DeviceBuffer(context);
        whenDone = (_, _, _) => done.Set();
    }

    /// <summary>Floats before the inputs of a tile, which a program may read and must not use.</summary>
    public const int InputSlack = 256;

    public nint Queue { get; }

    /// <summary>Of a tile: its inputs from <see cref="InputSlack"/> on.</summary>
    public DeviceBuffer Input { get; }

    public DeviceBuffer Output { get; }

    /// <summary>What a technique makes of the input before it sums, or sums that are not added up yet.</summary>
    public DeviceBuffer Workspace { get; }

    /// <summary>Sums of the minimal algorithm's points.</summary>
    public DeviceBuffer Sums { get; }

    /// <summary>Which cells of the minimal algorithm have to be computed directly.</summary>
    public DeviceBuffer Marks { get; }

    /// <summary>Makes room for a tile's inputs, and begins to copy them. They must stay until the stream is done.</summary>
    public void WriteInput(ReadOnlySpan<float> source)
    {
        Input.Fit(sizeof(float) * ((long)InputSlack + source.Length));
        Write(Input, source, sizeof(float) * InputSlack);
    }

    /// <summary>Begins to copy to the device. The source must stay until the stream is done.</summary>
    public void Write(DeviceBuffer destination, ReadOnlySpan<float> source, int byteOffset = 0)
    {
        if (source.IsEmpty)
            return;
        fixed (float* first = source) // native or pinned memory: it does not move after this either
        {
            int code = OpenCl.Api.EnqueueWriteBuffer(
                Queue, destination.Handle, false, (nuint)byteOffset, (nuint)source.Length * sizeof(float), first, 0, null, null);
            OpenCl.Check(code, "copying to the device");
        }
    }

    /// <summary>Begins to run a kernel.</summary>
    /// <param name="arguments">Handles of buffers (<see cref="nint"/>), numbers and structures, in order.</param>
    public void Launch(DeviceProgram program, string name, ReadOnlySpan<nuint> global, ReadOnlySpan<nuint> local, params object[] arguments)
    {
        nint kernel = Kernel(program, name);
        for (int index = 0; index < arguments.Length; index++)
            SetArgument(kernel, (uint)index, arguments[index]);
        fixed (nuint* globals = global, locals = local)
        {
            int code = OpenCl.Api.EnqueueNdrangeKernel(
                Queue, kernel, (uint)global.Length, null, globals, local.IsEmpty ? null : locals, 0, null, null);
            OpenCl.Check(code, $"starting the kernel {name}");
        }
    }

    /// <summary>Begins to copy from the device, and waits until all that was begun is done.</summary>
    /// <returns>False if it is not after the time given: then the device still owns the memory.</returns>
    public bool ReadAndWait(DeviceBuffer source, Span<float> destination, TimeSpan limit)
    {
        nint finished;
        fixed (float* first = destination)
        {
            int code = OpenCl.Api.EnqueueReadBuffer(
                Queue, source.Handle, false, 0, (nuint)destination.Length * sizeof(float), first, 0, null, &finished);
            OpenCl.Check(code, "copying from the device");
        }

        try
        {
            done.Reset();
            lock (OpenCl.Callbacks)
                OpenCl.Check(OpenCl.Api.SetEventCallback(finished, (int)CommandExecutionStatus.Complete, whenDone, null), "waiting");
            OpenCl.Check(OpenCl.Api.Flush(Queue), "starting");
            if (!done.Wait(limit))
                return false;
            int status;
            OpenCl.Check(
                OpenCl.Api.GetEventInfo(finished, EventInfo.CommandExecutionStatus, sizeof(int), &status, null), "asking for the result");
            OpenCl.Check(Math.Min(status, 0), "computing a tile");
            return true;
        }
        finally
        {
            OpenCl.Api.ReleaseEvent(finished);
        }
    }

    /// <summary>Copies from the device, after all that was begun.</summary>
    public void Read(DeviceBuffer source, Span<float> destination)
    {
        fixed (float* first = destination)
        {
            int code = OpenCl.Api.EnqueueReadBuffer(
                Queue, source.Handle, true, 0, (nuint)destination.Length * sizeof(float), first, 0, null, null);
            OpenCl.Check(code, "copying from the device");
        }
    }

    /// <summary>Waits until all that was begun is done.</summary>
    public void Finish() => OpenCl.Check(OpenCl.Api.Finish(Queue), "waiting for the device");

    /// <summary>Gives the memory back, so that another tile may find room.</summary>
    public void Free()
    {
        Input.Dispose();
        Output.Dispose();
        Workspace.Dispose();
        Sums.Dispose();
        Marks.Dispose();
    }

    public void Dispose()
    {
        foreach (nint kernel in kernels.Values)
            OpenCl.Api.ReleaseKernel(kernel);
        Free();
        OpenCl.Api.ReleaseCommandQueue(Queue);
        done.Dispose();
    }

    private nint Kernel(DeviceProgram program, string name)
    {
        ref nint kernel = ref CollectionsMarshal.GetValueRefOrAddDefault(kernels, (program, name), out bool exists);
        if (!exists)
            kernel = program.CreateKernel(name);
        return kernel;
    }

    private static void SetArgument(nint kernel, uint index, object argument)
    {
        int code = argument switch
        {
            nint handle => OpenCl.Api.SetKernelArg(kernel, index, (nuint)sizeof(nint), &handle),
            int number => OpenCl.Api.SetKernelArg(kernel, index, sizeof(int), &number),
            GpuBox box => OpenCl.Api.SetKernelArg(kernel, index, (nuint)sizeof(GpuBox), &box),
            _ => throw new ArgumentException($"Not a kernel's argument: {argument}", nameof(argument)),
        };
        OpenCl.Check(code, $"setting argument {index}");
    }
}
