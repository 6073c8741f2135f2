using System.Globalization;

namespace Upweave.Bench.Checks;

/// <summary>An output that is wrong.</summary>
/// <param name="Index">In [N, Cout, out...].</param>
internal sealed record Fault(long Index, float Value, Exact Right)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"wrong at element {Index}: {Value:G9}, right is {Right.Value:G9}");
}
