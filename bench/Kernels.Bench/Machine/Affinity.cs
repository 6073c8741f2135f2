using System.Diagnostics;
using System.Numerics;

namespace Upweave.Bench.Machine;

/// <summary>Pins the process, before it has threads of its own: those inherit the cores.</summary>
internal static class Affinity
{
    /// <summary>Keeps the first <paramref name="count"/> of the cores that this process may use.</summary>
    /// <exception cref="InvalidOperationException">There are fewer cores.</exception>
    public static string Pin(int count)
    {
        if (!OperatingSystem.IsLinux())
            return "not pinned on this system";
        using Process self = Process.GetCurrentProcess();
        ulong mask = (ulong)self.ProcessorAffinity;
        if (BitOperations.PopCount(mask) < count)
        {
            throw new InvalidOperationException(
                $"{count} threads need as many cores; this process may use {BitOperations.PopCount(mask)}. hint: --threads 1");
        }

        List<int> cores = [.. Enumerable.Range(0, 64).Where(core => (mask >> core & 1) != 0).Take(count)];
        self.ProcessorAffinity = (nint)cores.Aggregate(0UL, (pinned, core) => pinned | 1UL << core);
        return $"pinned to core {string.Join(" and ", cores)}";
    }
}
