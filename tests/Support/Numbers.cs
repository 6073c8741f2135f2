namespace Upweave.Tests;

/// <summary>Reproducible numbers.</summary>
internal static class Numbers
{
    /// <summary>Small float32 numbers of both signs.</summary>
    public static float[] Floats(long count, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, (int)count).Select(_ => random.Next(-999, 1000) / 64f)];
    }

    public static byte[] Bytes(long count, int seed = 1)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
