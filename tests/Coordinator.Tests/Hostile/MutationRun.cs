using System.Diagnostics;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Hostile;

/// <summary>Puts many changed texts through something that must neither break nor take long.</summary>
internal static class MutationRun
{
    /// <summary>For one text; a machine under load has tests of its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How many were accepted and how many rejected.</summary>
    /// <param name="isAccepted">False when it is rejected; throws when it breaks.</param>
    public static async Task<(int Accepted, int Rejected)> PlayAsync(
        int seed, int count, IReadOnlyList<string> valid, Func<byte[], Task<bool>> isAccepted)
    {
        JsonMutator mutator = new(seed);
        int accepted = 0;
        for (int number = 0; number < count; number++)
        {
            byte[] text = mutator.Next(valid[number % valid.Count]);
            long start = Stopwatch.GetTimestamp();
            try
            {
                if (await isAccepted([.. text]).WaitAsync(Patience, TestContext.Current.CancellationToken))
                    accepted++;
            }
            catch (Exception error)
            {
                Assert.Fail($"Seed {seed}, number {number}: {System.Text.Encoding.UTF8.GetString(text)}\n{error}");
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"Seed {seed}, number {number} took too long.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{accepted} accepted, {count - accepted} rejected");
        return (accepted, count - accepted);
    }
}
