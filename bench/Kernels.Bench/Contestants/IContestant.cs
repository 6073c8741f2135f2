namespace Upweave.Bench.Contestants;

/// <summary>One way to compute a row's layer. All that can be prepared once is prepared when it is made.</summary>
internal interface IContestant : IDisposable
{
    string Name { get; }

    /// <summary>Computes the whole output of the batch once.</summary>
    void Run();

    /// <summary>The output of the last run, [N, Cout, out...]. Not timed; valid until the next run.</summary>
    ReadOnlySpan<float> Output();
}
