namespace Upweave.Bench.Contestants;

/// <summary>The peers of a run that can be had here, and their contestants for a row.</summary>
internal sealed class PeerSet
{
    public const string Ort = "ort";
    public const string Torch = "torch";
    private readonly int threads;
    private readonly bool hasOrt;
    private readonly bool hasTorch;

    public PeerSet(IReadOnlyCollection<string> names, int threads)
    {
        this.threads = threads;
        List<string> versions = [];
        hasOrt = names.Contains(Ort);
        if (hasOrt)
            versions.Add(OrtContestant.Version);
        if (names.Contains(Torch))
        {
            string? missing = TorchLibrary.Load(threads);
            hasTorch = missing is null;
            versions.Add(missing is null
                ? TorchLibrary.Version
                : $"torch cannot load here and is left out ({missing}). hint: see bench/README.md");
        }

        Versions = versions;
    }

    public IReadOnlyList<string> Versions { get; }

    /// <summary>Makers, not contestants: one that cannot be made must not keep the others from running.</summary>
    public IEnumerable<(string Name, Func<IContestant> Make)> For(RowData data)
    {
        if (hasOrt)
            yield return (Ort, () => new OrtContestant(data, threads));
        if (!hasTorch)
            yield break;
        yield return (Torch, () => new TorchContestant(data, channelsLast: false));
        if (data.Row.Output.Count > 1)
            yield return ("torch-cl", () => new TorchContestant(data, channelsLast: true));
    }
}
