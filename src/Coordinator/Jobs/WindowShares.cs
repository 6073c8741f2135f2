namespace Upweave.Coordinator.Jobs;

/// <summary>
/// Divides the runs that may be out among the jobs that run, by their weights, one run at least for each; what a job does not use,
/// others do. Safe for concurrent use.
/// </summary>
/// <param name="pace">How many there are to divide.</param>
public sealed class WindowShares(FleetPace pace)
{
    /// <summary>Priorities lie between this and its negative.</summary>
    public const int PriorityMax = 100;

    private readonly FleetPace pace = pace;
    private readonly Lock gate = new();
    private double weights;
    private int outs;

    /// <summary>A job of priority 0 has weight 1, one of priority 3 four times that, one of priority -3 a quarter.</summary>
    public static double WeightOf(int? priority)
    {
        int bounded = Math.Clamp(priority ?? 0, -PriorityMax, PriorityMax);
        return bounded >= 0 ? 1 + bounded : 1.0 / (1 - bounded);
    }

    /// <summary>Runs that all jobs together may have out.</summary>
    public int Runs
    {
        get
        {
            lock (gate)
            {
                return pace.Runs;
            }
        }
    }

    /// <summary>Counts a job in, until the share is disposed of.</summary>
    public Share Join(int? priority)
    {
        return new Share(this, WeightOf(priority)) { IsUsed = true };
    }

    /// <summary>A run of some job has come back.</summary>
    /// <param name="heldSeconds">From when a worker took it.</param>
    public void Hear(double heldSeconds)
    {
        lock (gate)
        {
            pace.Hear(heldSeconds);
        }
    }

    /// <summary>What one job may have out.</summary>
    public sealed class Share(WindowShares shares, double weight) : IDisposable
    {
        private bool isUsed;
        private int sent;

        /// <summary>False: others have it meanwhile.</summary>
        public bool IsUsed
        {
            get => isUsed;
            set
            {
                if (isUsed == value)
                    return;
                isUsed = value;
                lock (shares.gate)
                {
                    if (value && shares.weights < 1e-9)
                        shares.pace.Restart();
                    shares.weights += value ? weight : -weight;
                }
            }
        }

        /// <summary>Runs that the job has out.</summary>
        public int Out
        {
            set
            {
                lock (shares.gate)
                {
                    shares.outs += value - sent;
                    sent = value;
                }
            }
        }

        /// <summary>Runs that the job may have out, at least 1.</summary>
        public int Runs
        {
            get
            {
                lock (shares.gate)
                {
                    int fair = (int)Math.Round(shares.pace.Runs * weight / Math.Max(weight, shares.weights));
                    int free = shares.pace.Runs - (shares.outs - sent);
                    return Math.Max(1, Math.Max(fair, free));
                }
            }
        }

        public void Dispose()
        {
            IsUsed = false;
            Out = 0;
        }
    }
}
