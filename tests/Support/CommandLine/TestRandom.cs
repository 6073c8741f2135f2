namespace Upweave.Tests.CommandLine;

/// <summary>SplitMix64: the same numbers from the same seed with every runtime, unlike System.Random's promise.</summary>
internal sealed class TestRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>From first to last, both included.</summary>
    public int Between(int first, int last) => first + (int)(Next() % (ulong)(last - first + 1));

    /// <summary>In (-1, 1), with 24 random bits.</summary>
    public float[] Numbers(long count)
    {
        float[] numbers = new float[count];
        for (int index = 0; index < numbers.Length; index++)
            numbers[index] = (Between(0, (1 << 25) - 2) - ((1 << 24) - 1)) / (float)(1 << 24);
        return numbers;
    }

    private ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
