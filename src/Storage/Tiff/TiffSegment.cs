namespace Upweave.Storage.Tiff;

/// <summary>A tile or strip as it is stored.</summary>
/// <param name="Number">Its number in the page.</param>
/// <param name="Top">Its first row in the page.</param>
/// <param name="Rows">Rows that it has: of a tile all, also where they reach beyond the page.</param>
/// <param name="Offset">Where its bytes begin in the file.</param>
/// <param name="Bytes">How many there are; 0 for one that is not stored, whose elements say nothing.</param>
internal readonly record struct TiffSegment(long Number, long Top, int Rows, long Offset, long Bytes)
{
    /// <summary>What one takes in memory.</summary>
    public const int StructBytes = 40;

    public long End => Offset + Bytes;
}
