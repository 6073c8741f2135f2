namespace Upweave.Contracts.Messages;

/// <summary>What tiles took, added up over them.</summary>
/// <param name="ReadSeconds">Waiting for and decoding input.</param>
/// <param name="ComputeSeconds">In the kernel and the encoder, on one core.</param>
/// <param name="WriteSeconds">Waiting for the output store.</param>
/// <param name="BytesRead">Uncompressed.</param>
/// <param name="BytesWritten">Uncompressed.</param>
public sealed record TileCosts(
    double ReadSeconds, double ComputeSeconds, double WriteSeconds, long BytesRead, long BytesWritten)
{
    public static TileCosts Zero { get; } = new(0, 0, 0, 0, 0);

    public static TileCosts operator +(TileCosts left, TileCosts right) => new(
        left.ReadSeconds + right.ReadSeconds, left.ComputeSeconds + right.ComputeSeconds,
        left.WriteSeconds + right.WriteSeconds, left.BytesRead + right.BytesRead, left.BytesWritten + right.BytesWritten);

    public TileCosts Add(TileCosts other) => this + other;
}
