using Upweave.Storage.Arrays;

namespace Upweave.Cli.Arrays;

/// <summary>What was copied.</summary>
/// <param name="Info">The array or picture; null for a file of several arrays.</param>
/// <param name="Bytes">Those of the elements, or of the file where it was copied as it is.</param>
internal sealed record CopyResult(ArrayInfo? Info, long Bytes)
{
    public static CopyResult Of(ArrayInfo info) => new(info, info.ByteCount);
}
