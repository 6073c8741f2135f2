namespace Upweave.Contracts;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Field">Where, in the specification's terms: <c>layers[0].strides</c>; empty for the whole.</param>
/// <param name="Message">What is wrong, with the values.</param>
/// <param name="Hint">How to fix it; null where the message says it.</param>
public sealed record Problem(string Field, string Message, string? Hint = null)
{
    /// <summary>One line for a person.</summary>
    public override string ToString() =>
        (Field.Length > 0 ? Field + ": " : "") + Message + (Hint is null ? "" : " hint: " + Hint);
}
