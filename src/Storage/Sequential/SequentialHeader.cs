using Upweave.Storage.Arrays;

namespace Upweave.Storage.Sequential;

/// <summary>What a file that is read from its beginning to its end says of itself; no element has been decoded.</summary>
/// <param name="Identity">Pins the file; see <see cref="IArrayReader.Identity"/>.</param>
/// <param name="PeakBytes">The most bytes that ingesting it into a layout holds.</param>
public sealed record SequentialHeader(ArrayInfo Info, string Identity, Func<OutputLayout, long> PeakBytes);
