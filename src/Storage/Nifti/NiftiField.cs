namespace Upweave.Storage.Nifti;

/// <summary>How a number is stored in a header.</summary>
internal enum NiftiKind
{
    UInt8,
    Int16,
    Int32,
    Int64,
    Float32,
    Float64,
}

/// <summary>
/// A field of the header, in version 1 (nifti1.h, 348 bytes) and version 2 (nifti2.h, 540 bytes). Only those that say what and where
/// the elements are.
/// </summary>
/// <param name="At1">Offset in version 1, in bytes.</param>
/// <param name="At2">Offset in version 2.</param>
internal readonly record struct NiftiField(int At1, NiftiKind Kind1, int At2, NiftiKind Kind2)
{
    public static readonly NiftiField HeaderSize = new(0, NiftiKind.Int32, 0, NiftiKind.Int32);

    /// <summary>Number of axes, then the extents of x, y, z, t, u, v and w.</summary>
    public static readonly NiftiField Dim = new(40, NiftiKind.Int16, 16, NiftiKind.Int64);

    public static readonly NiftiField DataType = new(70, NiftiKind.Int16, 12, NiftiKind.Int16);

    public static readonly NiftiField BitsPerElement = new(72, NiftiKind.Int16, 14, NiftiKind.Int16);

    /// <summary>The sign of the third axis for a quaternion, then distances of neighbours.</summary>
    public static readonly NiftiField PixDim = new(76, NiftiKind.Float32, 104, NiftiKind.Float64);

    public static readonly NiftiField DataOffset = new(108, NiftiKind.Float32, 168, NiftiKind.Int64);

    public static readonly NiftiField Slope = new(112, NiftiKind.Float32, 176, NiftiKind.Float64);

    public static readonly NiftiField Intercept = new(116, NiftiKind.Float32, 184, NiftiKind.Float64);

    public static readonly NiftiField Units = new(123, NiftiKind.UInt8, 500, NiftiKind.Int32);

    public static readonly NiftiField QFormCode = new(252, NiftiKind.Int16, 344, NiftiKind.Int32);

    public static readonly NiftiField SFormCode = new(254, NiftiKind.Int16, 348, NiftiKind.Int32);

    /// <summary>b, c and d.</summary>
    public static readonly NiftiField Quaternion = new(256, NiftiKind.Float32, 352, NiftiKind.Float64);

    public static readonly NiftiField QFormOffset = new(268, NiftiKind.Float32, 376, NiftiKind.Float64);

    /// <summary>Three rows of four.</summary>
    public static readonly NiftiField SForm = new(280, NiftiKind.Float32, 400, NiftiKind.Float64);
}
