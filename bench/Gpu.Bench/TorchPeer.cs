using System.Diagnostics;
using System.Globalization;
using Upweave.Bench.Shapes;
using Upweave.Tiling;

namespace Upweave.Bench.Gpu;

/// <summary>PyTorch in a process of its own, where python3 has it and sees a device.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly Process process;

    private TorchPeer(Process process, string version)
    {
        this.process = process;
        Version = version;
    }

    public string Version { get; }

    /// <summary>Null, with the reason, where there is none.</summary>
    public static TorchPeer? Start(out string reason)
    {
        string script = Path.Combine(Path.GetTempPath(), $"upweave-peer-{Environment.ProcessId}.py");
        using (Stream source = typeof(TorchPeer).Assembly.GetManifestResourceStream("peer.py")!)
        using (FileStream file = File.Create(script))
            source.CopyTo(file);
        ProcessStartInfo start = new("python3", ["-W", "ignore", script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            Process process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() is string version)
            {
                reason = "";
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                return new TorchPeer(process, version);
            }

            reason = process.StandardError.ReadToEnd().Trim().Split('\n')[^1];
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            reason = error.Message;
        }
        finally
        {
            File.Delete(script);
        }

        return null;
    }

    /// <summary>Median milliseconds of a call; null where PyTorch cannot.</summary>
    public double? Measure(ShapeRow row, string precision)
    {
        ConvTransposeGeometry g = row.Layer.Geometry;
        string vectors = string.Join(
            '|', new[] { g.Input, g.Kernel, g.Strides, g.PadsBegin, g.PadsEnd, g.OutputPadding, g.Dilations }.Select(v => string.Join(',', v)));
        process.StandardInput.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{precision}|{row.Batch}|{row.Layer.InputChannels}|{row.Layer.OutputChannels}|{row.Layer.Groups}|{vectors}"));
        process.StandardInput.Flush();
        string? answer = process.StandardOutput.ReadLine();
        if (double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds))
            return milliseconds;
        Console.Error.WriteLine($"{row.Name}: PyTorch says {answer ?? "nothing more"}");
        return null;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
