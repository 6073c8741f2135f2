using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Upweave.Storage.Tiff;

/// <summary>Undoes TIFF's predictors, row by row, in place; elements are little-endian then.</summary>
internal static class TiffPredictors
{
    /// <summary>Predictor 2 (TIFF 6.0, section 14): each element is the difference from the one of the pixel before.</summary>
    /// <param name="rows">Rows of elements, little-endian.</param>
    /// <param name="samples">Elements of a pixel.</param>
    public static void AddNeighbours(Span<byte> rows, int rowBytes, int samples, int elementBytes)
    {
        switch (elementBytes)
        {
            case 1:
                AddNeighbours<byte>(rows, rowBytes, samples);
                break;
            case 2:
                AddNeighbours<ushort>(rows, rowBytes / 2, samples);
                break;
            case 4:
                AddNeighbours<uint>(rows, rowBytes / 4, samples);
                break;
            default:
                AddNeighbours<ulong>(rows, rowBytes / 8, samples);
                break;
        }
    }

    /// <summary>
    /// Predictor 3 (Adobe's TIFF Technical Note 3): a row's bytes lie by significance, the highest of all elements first, and each is
    /// the difference from the one of the pixel before. The same in files of both orders of bytes.
    /// </summary>
    public static void AddBytes(Span<byte> rows, int rowBytes, int samples, int elementBytes)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(rowBytes);
        try
        {
            int elements = rowBytes / elementBytes;
            for (int start = 0; start < rows.Length; start += rowBytes)
            {
                Span<byte> row = rows.Slice(start, rowBytes);
                AddNeighbours<byte>(row, rowBytes, samples);
                row.CopyTo(scratch);
                for (int place = 0; place < elementBytes; place++)
                {
                    ReadOnlySpan<byte> plane = scratch.AsSpan((elementBytes - 1 - place) * elements, elements);
                    for (int element = 0; element < elements; element++)
                    {
                        row[(element * elementBytes) + place] = plane[element];
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static void AddNeighbours<T>(Span<byte> rows, int rowElements, int samples)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<T> elements = MemoryMarshal.Cast<byte, T>(rows);
        for (int start = 0; start < elements.Length; start += rowElements)
        {
            Span<T> row = elements.Slice(start, rowElements);
            for (int index = samples; index < row.Length; index++)
            {
                row[index] += row[index - samples];
            }
        }
    }
}
