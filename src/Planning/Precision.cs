namespace Upweave.Planning;

/// <summary>How near to docs/arithmetic.md a job's elements must be.</summary>
public enum Precision
{
    /// <summary>Its bits.</summary>
    Exact,

    /// <summary>Matrix units of devices may round inputs and weights to 11 bits of significand.</summary>
    Tf32,

    /// <summary>To IEEE 754 binary16: 11 bits, and numbers up to 65,504.</summary>
    Float16,

    /// <summary>To bfloat16: 8 bits.</summary>
    BFloat16,
}
