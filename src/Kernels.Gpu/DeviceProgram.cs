using System.Text;
using Silk.NET.OpenCL;

namespace Upweave.Kernels.Gpu;

/// <summary>A program compiled for a device. Its kernels are made per stream, since one's arguments are a state of its own.</summary>
internal sealed unsafe class DeviceProgram : IDisposable
{
    /// <summary>
    /// Division as docs/arithmetic.md has it. Nothing else is allowed: in particular no relaxed mathematics.
    /// </summary>
    private const string Options = "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt";

    private readonly nint program;

    /// <exception cref="GpuProgramException">It does not compile; the message has the compiler's.</exception>
    public DeviceProgram(nint context, nint device, string source)
    {
        CL cl = OpenCl.Api;
        int code;
        byte[] text = Encoding.ASCII.GetBytes(source);
        fixed (byte* first = text)
        {
            byte* start = first;
            nuint length = (nuint)text.Length;
            program = cl.CreateProgramWithSource(context, 1, &start, &length, &code);
        }

        OpenCl.Check(code, "taking a program");
        lock (OpenCl.Callbacks)
            code = cl.BuildProgram(program, 1, &device, Options, null, null);
        if (code != 0)
        {
            string log = Log(device);
            Dispose();
            throw new GpuProgramException($"A program does not compile on this device ({(ErrorCodes)code}): {log}");
        }
    }

    /// <summary>Makes a kernel, to be released by whoever asked.</summary>
    public nint CreateKernel(string name)
    {
        int code;
        nint kernel = OpenCl.Api.CreateKernel(program, name, &code);
        OpenCl.Check(code, $"making the kernel {name}");
        return kernel;
    }

    public void Dispose() => OpenCl.Api.ReleaseProgram(program);

    private string Log(nint device)
    {
        nuint length;
        OpenCl.Api.GetProgramBuildInfo(program, device, ProgramBuildInfo.BuildLog, 0, null, &length);
        byte[] bytes = new byte[Math.Min(length, 1 << 20)];
        fixed (byte* first = bytes)
            OpenCl.Api.GetProgramBuildInfo(program, device, ProgramBuildInfo.BuildLog, (nuint)bytes.Length, first, null);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }
}
