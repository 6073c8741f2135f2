using Upweave.Tiling;

namespace Upweave.Storage.Tensors;

/// <summary>Checks the extents that a file claims for a tensor.</summary>
internal static class TensorShape
{
    private const int RankMax = 64;

    /// <param name="byteCount">What the tensor's elements take.</param>
    /// <exception cref="InvalidArrayException">An extent is below 1, or the elements do not take these bytes.</exception>
    public static Dims Check(IReadOnlyList<long> extents, int elementBytes, long byteCount, string name)
    {
        if (extents.Count > RankMax || extents.Any(extent => extent < 1))
        {
            throw new InvalidArrayException(
                $"'{name}' has {extents.Count} axes of extents {string.Join(", ", extents.Take(RankMax))}; each must be at least 1, "
                + $"and at most {RankMax} axes are supported.");
        }

        Int128 bytes = elementBytes;
        foreach (long extent in extents)
        {
            bytes *= extent;
            if (bytes > byteCount)
                break;
        }

        return bytes == byteCount
            ? Dims.Build(extents.Count, axis => extents[axis])
            : throw new InvalidArrayException(
                $"'{name}' has shape [{string.Join(", ", extents)}] of {elementBytes} bytes each, which is not the {byteCount} bytes "
                + "that are stored for it.", "write or copy it again");
    }
}
