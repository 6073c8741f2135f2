using System.Runtime.InteropServices;

namespace Upweave.Bench.Machine;

/// <summary>What this machine's processor calls itself.</summary>
internal static class Processor
{
    private const string CpuInfo = "/proc/cpuinfo";

    /// <summary>The model's name, and family and model where the name alone is vague, as under many hypervisors.</summary>
    public static string Name { get; } = Describe();

    private static string Describe()
    {
        string architecture = RuntimeInformation.ProcessArchitecture.ToString();
        if (!File.Exists(CpuInfo))
            return architecture;
        Dictionary<string, string> fields = [];
        foreach (string[] pair in File.ReadLines(CpuInfo).TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2)))
        {
            if (pair.Length == 2)
                fields[pair[0].Trim()] = pair[1].Trim();
        }

        if (!fields.TryGetValue("model name", out string? name))
            return architecture;
        return fields.TryGetValue("cpu family", out string? family) && fields.TryGetValue("model", out string? model)
            ? $"{name} (family {family} model {model})"
            : name;
    }
}
