using Upweave.Tiling;

namespace Upweave.Storage.Zarr;

/// <summary>What holds for every array that is read, and how an error names it.</summary>
internal static class ZarrRules
{
    public const int RankMax = 32;

    /// <summary>Sees that shape and objects have sizes that can be counted.</summary>
    /// <exception cref="InvalidArrayException">They have not, or their ranks differ.</exception>
    public static void CheckSizes(Dims shape, Dims stored, ElementType type, string name)
    {
        if (stored.Count != shape.Count)
            throw Fault(name, $"has chunks {stored} of another rank than its shape {shape}");
        try
        {
            _ = checked(shape.Volume * type.Size());
            _ = checked(stored.Volume * type.Size());
        }
        catch (OverflowException)
        {
            throw Fault(name, $"has a shape {shape} or chunks {stored} of more bytes than 64 bits can count");
        }
    }

    /// <summary>Gives back the shape of a chunk that is not too large.</summary>
    /// <param name="chunk">Its bytes can be counted.</param>
    /// <exception cref="InvalidArrayException">It is.</exception>
    public static Dims CheckChunk(Dims chunk, ElementType type, string name)
    {
        long bytes = checked(chunk.Volume * type.Size());
        return bytes <= ZarrMetadata.ChunkBytesMax
            ? chunk
            : throw Fault(name, $"has chunks of {bytes} bytes; at most {ZarrMetadata.ChunkBytesMax} are supported");
    }

    public static InvalidArrayException Fault(string name, string what, string? hint = null) =>
        new($"The zarr array '{name}' {what}.", hint);
}
