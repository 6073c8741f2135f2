namespace Upweave.Storage.Zarr;

/// <summary>Names of axes, as zarr arrays and OME-NGFF have them, in the project's letters.</summary>
internal static class ZarrAxes
{
    private const string Known = "nczyx";

    /// <summary>
    /// One letter of <c>nczyx</c> per name, in that order; null where there are no names, others, or in another order. Points in time
    /// are a batch.
    /// </summary>
    public static string? Letters(IReadOnlyList<string>? names)
    {
        int last = -1;
        foreach (string name in names ?? [])
        {
            int place = name.Length == 1 ? Known.IndexOf(Letter(name), StringComparison.Ordinal) : -1;
            if (place <= last)
                return null;
            last = place;
        }

        return names is { Count: > 0 } ? string.Concat(names.Select(Letter)) : null;
    }

    private static char Letter(string name) => char.ToLowerInvariant(name[0]) is var letter && letter == 't' ? 'n' : letter;
}
