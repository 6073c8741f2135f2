using System.Globalization;

namespace Upweave.Storage.Tiff;

/// <summary>Elements of tiles that are not stored (GDAL's sparse files): the value that says nothing, else 0.</summary>
internal static class TiffFill
{
    /// <summary>One element, little-endian.</summary>
    /// <param name="noData">GDAL_NODATA; null or no number of the type: 0.</param>
    public static byte[] Of(ElementType type, string? noData)
    {
        byte[] element = new byte[type.Size()];
        if (!double.TryParse(noData, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return element;
        switch (type)
        {
            case ElementType.Float16:
                BitConverter.TryWriteBytes(element, (Half)value);
                return element;
            case ElementType.Float32:
                BitConverter.TryWriteBytes(element, (float)value);
                return element;
            case ElementType.Float64:
                BitConverter.TryWriteBytes(element, value);
                return element;
        }

        bool isSigned = type is ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64;
        double span = Math.Pow(2, 8 * element.Length);
        (double least, double beyond) = isSigned ? (-span / 2, span / 2) : (0, span);
        if (double.IsInteger(value) && value >= least && value < beyond)
        {
            byte[] wide = BitConverter.GetBytes(value < 0 ? (ulong)(long)value : (ulong)value);
            wide.AsSpan(0, element.Length).CopyTo(element);
        }

        return element;
    }

    /// <summary>Fills channels, rows and columns.</summary>
    /// <param name="strides">Of the destination, in elements.</param>
    public static void Fill(byte[] element, long[] shape, Span<byte> destination, long[] strides)
    {
        for (long sample = 0; sample < shape[0]; sample++)
        {
            for (long row = 0; row < shape[1]; row++)
            {
                int start = (int)(((sample * strides[0]) + (row * strides[1])) * element.Length);
                Span<byte> line = destination.Slice(start, (int)shape[2] * element.Length);
                for (int at = 0; at < line.Length; at += element.Length)
                {
                    element.CopyTo(line[at..]);
                }
            }
        }
    }
}
