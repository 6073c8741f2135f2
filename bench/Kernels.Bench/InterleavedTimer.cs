using System.Diagnostics;
using Upweave.Bench.Contestants;

namespace Upweave.Bench;

/// <summary>
/// Times contestants in turns: what disturbs the machine for a while disturbs all of them. A round is as many calls as fill
/// its time; the median of rounds counts.
/// </summary>
internal sealed class InterleavedTimer
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1.2);
    private const int RoundsLeast = 5;
    private const int RoundsMost = 21;

    /// <summary>Calls this slow get fewer rounds: what they take long for is not noise.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(0.4);
    private const int RoundsSlow = 3;

    /// <summary>A peer so much slower than the best peer in its first round cannot become the best.</summary>
    private const double Hopeless = 2.5;

    /// <summary>After this long the threads of a pool have given up spinning, and disturb nobody.</summary>
    private static readonly TimeSpan PoolsAsleep = TimeSpan.FromMilliseconds(15);

    private readonly List<Entry> entries = [];

    /// <param name="contestants">The first is ours; all have run once.</param>
    /// <param name="havePools">Whether contestants have threads of their own.</param>
    /// <returns>Median seconds per call, in the same order.</returns>
    public static double[] Measure(IReadOnlyList<IContestant> contestants, bool havePools)
    {
        InterleavedTimer timer = new();
        timer.entries.AddRange(contestants.Select(contestant => new Entry(contestant)));
        timer.Measure(havePools ? PoolsAsleep : TimeSpan.Zero);
        return [.. timer.entries.Select(entry => entry.Median)];
    }

    private void Measure(TimeSpan pause)
    {
        for (int round = 0; round < RoundsMost && entries.Exists(entry => !entry.IsDone); round++)
        {
            foreach (Entry entry in entries.Where(entry => !entry.IsDone))
            {
                if (pause > TimeSpan.Zero)
                    Thread.Sleep(pause);
                entry.Time();
            }

            if (round == 0 && entries.Count > 1)
            {
                double best = entries.Skip(1).Min(entry => entry.Median);
                entries.Skip(1).Where(entry => entry.Median > Hopeless * best).ToList().ForEach(entry => entry.IsDone = true);
            }
        }
    }

    private sealed class Entry(IContestant contestant)
    {
        private readonly List<double> rounds = [];
        private TimeSpan spent;
        private int calls;

        public bool IsDone { get; set; }

        public double Median
        {
            get
            {
                double[] sorted = [.. rounds.Order()];
                return sorted.Length % 2 == 1
                    ? sorted[sorted.Length / 2]
                    : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
            }
        }

        public void Time()
        {
            if (calls == 0)
                calls = Calibrate();
            // The turn's first call finds the others' data in the caches, and its own threads asleep.
            else if (calls > 1)
                contestant.Run();
            long started = Stopwatch.GetTimestamp();
            for (int call = 0; call < calls; call++)
            {
                contestant.Run();
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            rounds.Add(elapsed.TotalSeconds / calls);
            spent += elapsed;
            int least = elapsed > Slow ? RoundsSlow : RoundsLeast;
            IsDone = rounds.Count >= least && spent > Budget;
        }

        /// <summary>Calls that fill a round. One for a slow contestant.</summary>
        private int Calibrate()
        {
            long started = Stopwatch.GetTimestamp();
            int made = 0;
            do
            {
                contestant.Run();
                made++;
            }
            while (Stopwatch.GetElapsedTime(started) < Round);
            return made;
        }
    }
}
