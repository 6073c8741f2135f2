using CsCheck;

namespace Upweave.Tiling.Tests;

/// <summary>
/// Runs a check on generated cases. Every run sees the same cases: CsCheck's own <c>Sample</c> fixes only the first
/// one by its seed, and a failure must come back on the next run.
/// </summary>
internal static class Property
{
    private const ulong Seed = 20260101;

    public static void Holds<T>(Gen<T> cases, Action<T> check, int count = 3000)
    {
        PCG random = new(1, Seed);
        for (int number = 0; number < count; number++)
        {
            T value = cases.Generate(random, null, out _);
            try
            {
                check(value);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Case {number} of seed {Seed}: {Check.Print(value)}", failure);
            }
        }
    }
}
