using System.Runtime.InteropServices;
using TorchSharp;

namespace Upweave.Bench.Contestants;

/// <summary>Whether libtorch loads here. Its binding asks for a C++ library that older systems do not have.</summary>
internal static class TorchLibrary
{
    private static readonly string[] Libraries = ["torch_cpu", "LibTorchSharp"];

    public static string Version => $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {torch.__version__}";

    /// <summary>Null if it loads, else what was missing.</summary>
    public static string? Load(int threads)
    {
        try
        {
            // By hand first: TorchSharp hides what the loader said, and copies all of libtorch before it gives up.
            foreach (string library in Libraries)
            {
                NativeLibrary.Load(library, typeof(torch).Assembly, searchPath: null);
            }

            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(threads);
            return null;
        }
#pragma warning disable CA1031 // Whatever keeps a peer from loading is said, and the others are measured.
        catch (Exception e)
#pragma warning restore CA1031
        {
            string[] lines = e.GetBaseException().Message.Split('\n');
            return Array.Find(lines, line => line.Contains("required by", StringComparison.Ordinal)) ?? lines[0];
        }
    }
}
