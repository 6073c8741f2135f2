using System.Globalization;
using Upweave.Bench.Contestants;
using Upweave.Kernels;

namespace Upweave.Bench;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public const string Usage =
        "usage: bench/kernels [--shapes FILE] [--filter NAME] [--threads 1|2] [--peers ort,torch] [--random SEED]\n"
        + "                     [--algorithm auto|direct|minimal] [--technique NAME] [--json OUT]\n"
        + "  --shapes FILE     shapes to measure (default: bench/shapes.txt)\n"
        + "  --filter NAME     only rows whose name contains NAME\n"
        + "  --threads N       ours: one output box per thread; peers: as many threads (default: 1)\n"
        + "  --peers LIST      of ort and torch; \"none\" for neither (default: ort,torch)\n"
        + "  --random SEED     shapes drawn from ranges of every class instead of a file\n"
        + "  --algorithm NAME  of ours, as a job asks for it; direct where a layer has no minimal one (default: auto)\n"
        + "  --technique NAME  forces a technique on every row that it can compute, as UPWEAVE_KERNEL does\n"
        + "  --json OUT        also write all results to this file";

    public string? Shapes { get; private set; }

    public string? Filter { get; private set; }

    public int Threads { get; private set; } = 1;

    public IReadOnlyList<string> Peers { get; private set; } = [PeerSet.Ort, PeerSet.Torch];

    public int? RandomSeed { get; private set; }

    public string Algorithm { get; private set; } = AlgorithmNames.Auto;

    public string? Technique { get; private set; }

    public string? Json { get; private set; }

    /// <exception cref="FormatException">An option is unknown, or its value cannot be used.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        Options options = new();
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
            case "--shapes": Shapes = value; break;
            case "--filter": Filter = value; break;
            case "--threads": Threads = Number(name, value, 1, 64); break;
            case "--peers": Peers = PeerNames(value); break;
            case "--random": RandomSeed = Number(name, value, 0, int.MaxValue); break;
            case "--algorithm": Algorithm = Known("algorithm", value, AlgorithmNames.All); break;
            case "--technique": Technique = Known("technique", value, KernelSelector.Techniques); break;
            case "--json": Json = value; break;
            default: throw new FormatException($"There is no option {name}. hint: --help");
        }
    }

    private static string[] PeerNames(string value)
    {
        string[] names = value == "none" ? [] : value.Split(',');
        string? unknown = Array.Find(names, name => name is not (PeerSet.Ort or PeerSet.Torch));
        return unknown is null ? names : throw new FormatException($"There is no peer \"{unknown}\". hint: --peers ort,torch");
    }

    private static string Known(string what, string name, IReadOnlyList<string> names) => names.Contains(name)
        ? name
        : throw new FormatException($"There is no {what} \"{name}\". hint: one of {string.Join(", ", names)}");

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name} {value} is no whole number from {least} to {most}.");
}
