using System.Buffers;
using NetVips;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>
/// A small picture of an array: single elements of it, a line of which is read for each line of pixels. What has no 8-bit pixels is
/// stretched between its darkest and its brightest thousandth.
/// </summary>
public static class ArrayPreview
{
    /// <summary>Pixels between the planes of a volume.</summary>
    private const int Gap = 4;

    /// <summary>The longest line that is read, in bytes.</summary>
    private const long LineBytesMax = 256L << 20;

    /// <param name="side">Pixels of the longest side of a plane.</param>
    /// <returns>A PNG.</returns>
    /// <exception cref="InvalidArrayException">The array has no lines that can be shown.</exception>
    public static async Task<byte[]> PngAsync(IArrayReader array, int side, CancellationToken cancellationToken)
    {
        ArrayInfo info = array.Info;
        string axes = info.Axes ?? (IsPixels(info) ? "yxc" : CopyLayout.AxesOf(info.Shape));
        if (info.Shape.Count == 0 || axes.Length != info.Shape.Count)
            throw new InvalidArrayException($"An array {info.Shape} has no plane to show.");
        int channelAxis = axes.IndexOf('c', StringComparison.Ordinal);
        bool isColour = channelAxis >= 0 && info.Shape[channelAxis] is 3 or 4 && HasColours(info.Type);
        int channels = isColour ? 3 : 1;
        IReadOnlyList<PreviewView> views = PreviewView.Of(info.Shape, axes, info.Space, side);
        List<float[]> planes = [];
        foreach (PreviewView view in views)
        {
            planes.Add(await ReadAsync(array, view, channelAxis, channels, cancellationToken));
        }

        Func<float, byte> toByte = info.Type == ElementType.UInt8 ? value => (byte)value : Stretch(planes);
        (byte[] pixels, int width, int height) = Compose(views, planes, channels, toByte);
        return await VipsThread.RunAsync(() => Encode(pixels, width, height, channels), cancellationToken);
    }

    /// <summary>A picture as most software holds it, the colours of a pixel side by side, in a format that names no axes.</summary>
    private static bool IsPixels(ArrayInfo info) => info.Shape.Count == 3 && info.Shape[2] is 3 or 4
        && Math.Min(info.Shape[0], info.Shape[1]) > 4 && HasColours(info.Type);

    private static bool HasColours(ElementType type) => type is ElementType.UInt8 or ElementType.UInt16;

    /// <summary>The pixels of a view, channel by channel.</summary>
    private static async Task<float[]> ReadAsync(
        IArrayReader array, PreviewView view, int channelAxis, int channels, CancellationToken cancellationToken)
    {
        (Dims shape, ElementType type) = (array.Info.Shape, array.Info.Type);
        long extent = shape[view.Across];
        long bytes = checked(extent * channels * type.Size());
        if (bytes > LineBytesMax)
            throw new InvalidArrayException($"A line of the array {shape} has {bytes} bytes, too many for a preview.");
        float[] plane = new float[channels * view.Height * view.Width];
        byte[] line = ArrayPool<byte>.Shared.Rent((int)bytes);
        float[] values = ArrayPool<float>.Shared.Rent((int)extent * channels);
        (long perChannel, long perElement) = channelAxis > view.Across ? (1, channels) : (extent, 1);
        try
        {
            for (int row = 0; row < view.Height; row++)
            {
                await array.ReadAsync(view.LineBox(row, shape, channelAxis, channels), line.AsMemory(0, (int)bytes), cancellationToken);
                ElementConverter.ToFloat32(type, bigEndian: false, line.AsSpan(0, (int)bytes), values.AsSpan(0, (int)extent * channels));
                for (int channel = 0; channel < channels; channel++)
                {
                    for (int column = 0; column < view.Width; column++)
                    {
                        plane[(((channel * view.Height) + row) * view.Width) + column] =
                            values[(channel * perChannel) + (PreviewView.IndexOf(column, view.Width, extent) * perElement)];
                    }
                }
            }

            return plane;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(line);
            ArrayPool<float>.Shared.Return(values);
        }
    }

    internal static Func<float, byte> Stretch(List<float[]> planes)
    {
        float[] sorted = [.. planes.SelectMany(plane => plane).Where(float.IsFinite).Order()];
        if (sorted.Length == 0)
            return _ => 0;
        float dark = sorted[sorted.Length / 1000];
        float bright = sorted[^(1 + (sorted.Length / 1000))];
        double range = Math.Max((double)bright - dark, double.Epsilon);
        return value => float.IsNaN(value) ? (byte)0 : (byte)Math.Round(255 * Math.Clamp(((double)value - dark) / range, 0, 1));
    }

    /// <summary>The first plane, the second to its right and the third below it, on black.</summary>
    private static (byte[] Pixels, int Width, int Height) Compose(
        IReadOnlyList<PreviewView> views, List<float[]> planes, int channels, Func<float, byte> toByte)
    {
        bool isVolume = views.Count == 3;
        int width = views[0].Width + (isVolume ? Gap + views[1].Width : 0);
        int height = views[0].Height + (isVolume ? Gap + views[2].Height : 0);
        byte[] pixels = new byte[width * height * channels];
        for (int place = 0; place < views.Count; place++)
        {
            PreviewView view = views[place];
            int left = place == 1 ? views[0].Width + Gap : 0;
            int top = place == 2 ? views[0].Height + Gap : 0;
            for (int at = 0; at < planes[place].Length; at++)
            {
                (int channel, int inPlane) = Math.DivRem(at, view.Height * view.Width);
                (int row, int column) = Math.DivRem(inPlane, view.Width);
                pixels[((((top + row) * width) + left + column) * channels) + channel] = toByte(planes[place][at]);
            }
        }

        return (pixels, width, height);
    }

    internal static byte[] Encode(byte[] pixels, int width, int height, int channels)
    {
        using Image image = Image.NewFromMemory(pixels, width, height, channels, Enums.BandFormat.Uchar);
        using Image named = image.Copy(interpretation: channels == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return named.PngsaveBuffer();
    }
}
