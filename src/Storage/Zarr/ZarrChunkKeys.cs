using System.Globalization;
using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>The keys of chunks: <c>c/1/2</c> in the default encoding, <c>1.2</c> in that of zarr v2.</summary>
/// <param name="IsDefault">The encoding <c>default</c>; else <c>v2</c>.</param>
/// <param name="Separator">'/' or '.'.</param>
internal sealed record ZarrChunkKeys(bool IsDefault, char Separator)
{
    /// <summary>The key of a chunk, by its index on each axis.</summary>
    public string Of(Dims index)
    {
        string numbers = string.Join(Separator, index.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        if (index.Count == 0)
            return IsDefault ? "c" : "0";
        return IsDefault ? $"c{Separator}{numbers}" : numbers;
    }

    /// <summary>The chunk of a key; null when it is no chunk of an array with these many chunks.</summary>
    public Dims? Parse(string key, Dims counts)
    {
        if (counts.Count == 0)
            return key == Of([]) ? [] : null;
        string[] parts = key.Split(Separator);
        int first = IsDefault ? 1 : 0;
        if (parts.Length != counts.Count + first || (IsDefault && parts[0] != "c"))
            return null;
        long[] index = new long[counts.Count];
        for (int axis = 0; axis < index.Length; axis++)
        {
            if (!long.TryParse(parts[axis + first], NumberStyles.None, CultureInfo.InvariantCulture, out index[axis])
                || index[axis] >= counts[axis])
            {
                return null;
            }
        }

        return Dims.Create(index);
    }
}
