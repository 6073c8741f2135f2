using System.Globalization;
using Upweave.Kernels;
using Upweave.Kernels.Gpu;

namespace Upweave.Bench.Gpu;

/// <summary>The command line.</summary>
internal sealed record GpuOptions
{
    public const string Usage =
        "usage: bench/kernels --device gpu[:N] [--shapes FILE] [--filter NAME] [--peers torch|none] [--random SEED]\n"
        + "                     [--algorithm auto|direct|minimal] [--precision exact|tf32|fp16|bf16] [--cuts yes] [--json OUT]\n"
        + "  --device gpu:N    the device, as `upweave devices` numbers them (default: the first)\n"
        + "  --peers           torch: PyTorch, where python3 has it and sees the device; none: no peer (default: torch)\n"
        + "  --cuts yes        also measures every cut of the technique, to see whether the right one is chosen\n"
        + "  the others are those of the processors' benchmark";

    public bool Help { get; private set; }

    public int Device { get; private set; }

    public string Shapes { get; private set; } = Environment.GetEnvironmentVariable("UPWEAVE_BENCH_SHAPES") ?? "bench/shapes.txt";

    public string Filter { get; private set; } = "";

    public bool Peer { get; private set; } = true;

    public int? RandomSeed { get; private set; }

    public string Algorithm { get; private set; } = AlgorithmNames.Auto;

    /// <summary>Of the fast mode; null for exact.</summary>
    public FastPrecision? Precision { get; private set; }

    /// <summary>What the peer calls it.</summary>
    public string PrecisionName { get; private set; } = "fp32";

    public bool Cuts { get; private set; }

    public string? Json { get; private set; }

    /// <exception cref="FormatException">An option is unknown, or its value cannot be used.</exception>
    public static GpuOptions Parse(IReadOnlyList<string> arguments)
    {
        GpuOptions options = new();
        if (arguments.Contains("--help"))
            return new GpuOptions { Help = true };
        for (int index = 0; index < arguments.Count; index += 2)
        {
            if (index + 1 == arguments.Count)
                throw new FormatException($"{arguments[index]} needs a value. hint: --help");
            options.Set(arguments[index], arguments[index + 1]);
        }

        return options;
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--device": Device = DeviceNumber(value); break;
            case "--shapes": Shapes = value; break;
            case "--filter": Filter = value; break;
            case "--peers": Peer = value == "none" ? false : value == "torch" ? true : throw Unknown("peer", value, "torch, none"); break;
            case "--random": RandomSeed = int.Parse(value, CultureInfo.InvariantCulture); break;
            case "--algorithm":
                Algorithm = AlgorithmNames.All.Contains(value) ? value : throw Unknown("algorithm", value, string.Join(", ", AlgorithmNames.All));
                break;
            case "--precision": SetPrecision(value); break;
            case "--cuts": Cuts = value == "yes"; break;
            case "--json": Json = value; break;
            default: throw new FormatException($"There is no option {name} with a device. hint: --help");
        }
    }

    private void SetPrecision(string value)
    {
        Precision = value switch
        {
            "exact" => null,
            "tf32" => FastPrecision.Tf32,
            "fp16" => FastPrecision.Float16,
            "bf16" => FastPrecision.BFloat16,
            _ => throw Unknown("precision", value, "exact, tf32, fp16, bf16"),
        };
        PrecisionName = Precision is null ? "fp32" : value;
    }

    private static int DeviceNumber(string value)
    {
        string[] parts = value.Split(':');
        int number = 0;
        bool isGood = parts[0] == "gpu" && parts.Length <= 2
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number));
        return isGood ? number : throw Unknown("device", value, "gpu, gpu:0, gpu:1 ...");
    }

    private static FormatException Unknown(string what, string value, string known) =>
        new($"There is no {what} \"{value}\". hint: one of {known}");
}
