namespace Upweave.Bench.Machine;

/// <summary>What this machine can do at most, measured before the rows. All per second, on the threads of the run.</summary>
internal sealed record MachineRoofs(double FlopsOneCore, double Flops, double CopyOrdinary, double CopyNonTemporal)
{
    public double Copy => Math.Max(CopyOrdinary, CopyNonTemporal);

    public static MachineRoofs Measure(int threads)
    {
        double one = FmaPeak.Measure(1);
        return new MachineRoofs(
            one, threads == 1 ? one : FmaPeak.Measure(threads),
            CopyBandwidth.MeasureOrdinary(threads), CopyBandwidth.MeasureNonTemporal(threads));
    }

    public override string ToString() =>
        $"FMA peak {FlopsOneCore / 1e9:F1} GFLOP/s on one core, {Flops / 1e9:F1} on all of this run; "
        + $"copy {CopyOrdinary / 1e9:F1} GB/s with ordinary stores, "
        + (CopyNonTemporal > 0 ? $"{CopyNonTemporal / 1e9:F1} with non-temporal ones" : "no non-temporal ones here");
}
