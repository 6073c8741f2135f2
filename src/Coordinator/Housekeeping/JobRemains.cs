using System.Buffers;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Housekeeping;

/// <summary>What lies in the folder beside one output: <c>OUTPUT.upweave</c>.</summary>
/// <param name="output">The output's path in the store.</param>
internal sealed class JobRemains(string output)
{
    private const string Suffix = ".upweave";
    private const int HashLength = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly List<ObjectInfo> objects = [];
    private readonly HashSet<string> owners = [];

    public string Output => output;

    /// <summary>The claim; null when it is gone.</summary>
    public ObjectInfo? Plan { get; private set; }

    /// <summary>Hashes of the plans that something is named after.</summary>
    public IReadOnlyCollection<string> Owners => owners;

    /// <summary>Objects that only this software puts there.</summary>
    public IReadOnlyList<ObjectInfo> Objects => objects;

    /// <summary>Finds the folders among objects. What does not look as this software names it is somebody's, and left out.</summary>
    public static async Task<IReadOnlyList<JobRemains>> FindAsync(IAsyncEnumerable<ObjectInfo> listed, CancellationToken cancellationToken)
    {
        SortedDictionary<string, JobRemains> found = new(StringComparer.Ordinal);
        await foreach (ObjectInfo info in listed.WithCancellation(cancellationToken))
        {
            int end = info.Path.IndexOf(Suffix + "/", StringComparison.Ordinal);
            if (end <= 0 || info.Path[end - 1] == '/' || OwnerOf(info.Path[(end + Suffix.Length + 1)..]) is not { } owner)
                continue;
            string output = info.Path[..end];
            if (!found.TryGetValue(output, out JobRemains? remains))
                found.Add(output, remains = new JobRemains(output));
            remains.Add(info, owner);
        }

        return [.. found.Values];
    }

    /// <summary>The plan's hash in a name; empty for the claim; null for another's file.</summary>
    private static string? OwnerOf(string name)
    {
        if (name == "plan.json")
            return "";
        if (name.Length <= HashLength || name.AsSpan(0, HashLength).ContainsAnyExcept(HexDigits))
            return null;
        string rest = name[HashLength..];
        bool isOurs = rest is ".done" or ".alive" or ".export" or "-preview.png" || rest[0] == '/'
            || rest.StartsWith("-input.zarr/", StringComparison.Ordinal) || rest.StartsWith("-output.zarr/", StringComparison.Ordinal)
            || rest.StartsWith("-input.zarr.upweave/", StringComparison.Ordinal)
            || rest.StartsWith("-output.zarr.upweave/", StringComparison.Ordinal);
        return isOurs ? name[..HashLength] : null;
    }

    private void Add(ObjectInfo info, string owner)
    {
        objects.Add(info);
        if (owner.Length == 0)
            Plan = info;
        else
            owners.Add(owner);
    }
}
