using System.Text.Json;

namespace Upweave.Interop.Tests.Support;

/// <summary>What a reader says of a file.</summary>
/// <param name="Name">The file, and where in it.</param>
/// <param name="Facts">Everything but the elements.</param>
/// <param name="Elements">C order, little-endian.</param>
public sealed record Reading(string Name, JsonElement Facts, byte[] Elements)
{
    public JsonElement this[string fact] => Facts.GetProperty(fact);

    public long[] Numbers(string fact) => [.. this[fact].EnumerateArray().Select(number => number.GetInt64())];

    public double[] Reals(string fact) => [.. this[fact].EnumerateArray().Select(number => number.GetDouble())];

    public string?[] Texts(string fact) => [.. this[fact].EnumerateArray().Select(text => text.GetString())];

    public string? Text(string fact) => this[fact].GetString();

    /// <summary>The reader finds that shape, that type and those bits.</summary>
    /// <param name="type">As the reader names it; null: numpy's code.</param>
    public void AssertIs(NpyArray expected, string? type = null)
    {
        Assert.Equal((Name, type ?? expected.Descr), (Name, Text("dtype")));
        Assert.Equal((Name, string.Join(' ', expected.Shape)), (Name, string.Join(' ', Numbers("shape"))));
        AssertElements(expected.Bytes);
    }

    /// <summary>The reader finds those bits.</summary>
    public void AssertElements(byte[] expected)
    {
        Assert.Equal((Name, expected.Length), (Name, Elements.Length));
        int same = expected.AsSpan().CommonPrefixLength(Elements);
        Assert.True(same == expected.Length, $"{Name}: byte {same} of the elements differs from what was written.");
    }
}
