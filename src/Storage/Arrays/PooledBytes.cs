using System.Numerics;

namespace Upweave.Storage.Arrays;

/// <summary>What a rented array really takes.</summary>
internal static class PooledBytes
{
    /// <summary>The shared pool gives arrays of the next power of two.</summary>
    public static long Of(long length) => length <= 0 ? 0 : checked((long)BitOperations.RoundUpToPowerOf2((ulong)length));
}
