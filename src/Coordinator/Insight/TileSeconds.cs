namespace Upweave.Coordinator.Insight;

/// <summary>Durations as bytes: 0 is unknown; from 1 ms for 1, twice as long every 12, to half an hour and more for 255.</summary>
public static class TileSeconds
{
    public const double Least = 0.001;

    private const double StepsPerDoubling = 12;

    public static byte Encode(double seconds) => seconds > 0
        ? (byte)Math.Clamp(1 + Math.Round(StepsPerDoubling * Math.Log2(seconds / Least)), 1, byte.MaxValue)
        : (byte)0;
}
