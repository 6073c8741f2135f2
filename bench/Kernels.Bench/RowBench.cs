using System.Diagnostics;
using Upweave.Bench.Checks;
using Upweave.Bench.Contestants;
using Upweave.Bench.Machine;
using Upweave.Bench.Reports;
using Upweave.Bench.Shapes;

namespace Upweave.Bench;

/// <summary>One row: makes the contestants, lets them be judged, then times those that are right.</summary>
internal sealed class RowBench(MachineRoofs roofs, PeerSet peers, int threads)
{
    /// <summary>A kernel slower than this is not measured: it would take the time of all other rows.</summary>
    private static readonly TimeSpan CallMost = TimeSpan.FromSeconds(5);

    public RowResult Measure(ShapeRow row)
    {
        double computeSeconds = row.FlopsNeeded / roofs.Flops;
        double copySeconds = row.Bytes / roofs.Copy;
        RowResult result = new()
        {
            Name = row.Name,
            IsComputeBound = computeSeconds > 2 * copySeconds,
            RoofMilliseconds = 1e3 * Math.Max(computeSeconds, copySeconds),
        };
        List<IContestant> contestants = [];
        try
        {
            using RowData data = new(row);
            OursContestant ours = new(data, threads);
            contestants.Add(ours);
            result = result with { Technique = ours.Technique, WorkspaceBytes = ours.WorkspaceBytes };
            long started = Stopwatch.GetTimestamp();
            ours.Run();
            if (Stopwatch.GetElapsedTime(started) is TimeSpan first && first > CallMost)
                return result with { Note = $"not measured: one call of ours takes {first.TotalSeconds:F1} s" };
            List<string> notes = [];
            AddPeers(data, contestants, notes);
            result = Check(result, data, contestants, notes);
            result = Time(result, row, contestants);
            return notes.Count == 0 ? result : result with { Note = string.Join("; ", notes) };
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or OverflowException or OutOfMemoryException)
        {
            return result with { Note = $"error: {e.Message}" };
        }
        finally
        {
            contestants.ForEach(contestant => contestant.Dispose());
        }
    }

    /// <summary>Notes what keeps peers from this row, if anything.</summary>
    private void AddPeers(RowData data, List<IContestant> contestants, List<string> notes)
    {
        foreach ((string name, Func<IContestant> make) in peers.For(data))
        {
            IContestant? peer = null;
            try
            {
                peer = make();
                peer.Run();
                contestants.Add(peer);
            }
#pragma warning disable CA1031 // A peer that cannot do a row is said beside it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                peer?.Dispose();
                notes.Add($"{name} cannot: {e.Message.Split('\n')[0]}");
            }
        }
    }

    /// <summary>Takes peers that are wrong out of the row, and notes it.</summary>
    /// <exception cref="InvalidOperationException">Ours is wrong.</exception>
    private static RowResult Check(RowResult result, RowData data, List<IContestant> contestants, List<string> notes)
    {
        Float64Reference reference = new(data);
        Judge judge = Judge.Create(data, reference);
        ReadOnlySpan<float> ours = contestants[0].Output();
        ThrowIf(judge.FindFault(ours), "");
        List<PeerResult> right = [];
        foreach (IContestant peer in contestants.Skip(1).ToList())
        {
            ReadOnlySpan<float> output = peer.Output();
            string? wrong = output.Length == ours.Length ? null : $"wrong: {output.Length} elements, not {ours.Length}";
            wrong ??= judge.FindFault(output)?.ToString();
            if (wrong is null)
            {
                (Fault? our, Fault? their) = judge.Compare(ours, output);
                ThrowIf(our, $" (found beside {peer.Name})");
                wrong = their?.ToString();
            }

            if (wrong is null)
            {
                right.Add(new PeerResult(peer.Name, 0, reference.RelativeRmsError(output)));
                continue;
            }

            notes.Add($"{peer.Name} is {wrong}");
            contestants.Remove(peer);
            peer.Dispose();
        }

        return result with { Peers = right, RelativeRmsError = reference.RelativeRmsError(ours) };
    }

    private static void ThrowIf(Fault? ours, string where)
    {
        if (ours is not null)
            throw new InvalidOperationException($"ours is {ours}{where}");
    }

    private RowResult Time(RowResult result, ShapeRow row, List<IContestant> contestants)
    {
        double[] seconds = InterleavedTimer.Measure(contestants, havePools: threads > 1);
        PeerResult[] timed = [.. result.Peers.Select((peer, index) => peer with { Milliseconds = 1e3 * seconds[index + 1] })];
        PeerResult? best = timed.MinBy(peer => peer.Milliseconds);
        long before = GC.GetAllocatedBytesForCurrentThread();
        contestants[0].Run();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return result with
        {
            Milliseconds = 1e3 * seconds[0],
            Peers = timed,
            BestPeer = best?.Name,
            BestPeerMilliseconds = best?.Milliseconds,
            Ratio = best?.Milliseconds / (1e3 * seconds[0]),
            GigaflopsPerSecond = row.Flops / seconds[0] / 1e9,
            PercentOfPeak = 100 * row.FlopsNeeded / seconds[0] / roofs.Flops,
            PercentOfCopy = 100 * row.Bytes / seconds[0] / roofs.Copy,
            AllocatedBytesPerCall = allocated,
        };
    }
}
