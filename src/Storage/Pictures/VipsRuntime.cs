using System.Diagnostics;
using NetVips;

namespace Upweave.Storage.Pictures;

/// <summary>
/// libvips, loaded when the first picture is opened: a job without pictures never pays for it. Nothing else here may
/// touch NetVips before <see cref="Start"/>.
/// </summary>
internal static class VipsRuntime
{
    private static readonly Lazy<bool> Started = new(Load);

    /// <exception cref="InvalidArrayException">The native library cannot be loaded on this machine.</exception>
    public static void Start() => _ = Started.Value;

    private static bool Load()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new InvalidArrayException(
                "The picture library libvips cannot be loaded on this machine.",
                "pictures need one of the platforms of the package NetVips.Native; use .npy or .zarr here",
                ModuleInitializer.Exception);
        }

        // A picture is read once, from top to bottom: keeping results for a second use would only hold memory.
        Cache.Max = 0;

        // Decoding and encoding are serial in themselves; more threads would only hold more rows.
        NetVips.NetVips.Concurrency = 1;

        // Otherwise they go to standard error, between the lines of a progress bar. Errors are exceptions all the same.
        Log.SetLogHandler(
            "VIPS", Enums.LogLevelFlags.Warning, (_, _, message) => Trace.TraceWarning("libvips: {0}", message));
        return true;
    }
}
