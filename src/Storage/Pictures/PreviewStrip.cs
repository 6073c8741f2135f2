using System.Buffers;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Pictures;

/// <summary>
/// Small pictures of a part of an array, planes along z one below the other in one PNG: single elements of it. What has no 8-bit pixels is
/// stretched between its darkest and its brightest thousandth.
/// </summary>
public sealed class PreviewStrip
{
    /// <summary>What is held while it is drawn, in bytes, beside what the reader holds.</summary>
    public const long HeldMax = 32L << 20;

    private const int ReadsAtOnceMax = 4;

    private readonly IArrayReader array;
    private readonly PreviewSize size;
    private readonly int channels;
    private readonly int channelAxis;
    private readonly int zAxis;
    private readonly PreviewSamples samples;

    /// <param name="axes">One letter per axis; the last two are <c>yx</c>.</param>
    /// <param name="area">The part; the first of a batch is shown.</param>
    public PreviewStrip(IArrayReader array, string axes, Box area, PreviewSize size)
    {
        (this.array, this.size) = (array, size);
        channelAxis = axes.IndexOf('c', StringComparison.Ordinal);
        zAxis = axes.IndexOf('z', StringComparison.Ordinal);
        bool isColour = channelAxis >= 0 && area.Shape[channelAxis] is 3 or 4 && array.Info.Type is ElementType.UInt8 or ElementType.UInt16;
        channels = isColour ? 3 : 1;
        samples = new PreviewSamples(
            array.Info,
            [.. axes.Select((letter, axis) => Spread(area.Origin[axis], letter == 'c' ? channels : area.Shape[axis], CountOf(letter)))]);
    }

    /// <summary>Bytes of the stored units that are read for it, uncompressed; null when they are too large to be held.</summary>
    public long? Cost
    {
        get
        {
            long unit = Math.Max(samples.VolumeMax, array.Info.Chunk?.Volume ?? 0) * array.Info.Type.Size();
            return unit <= HeldMax / 4 && !array.Info.FortranOrder ? checked(unit * samples.Count) : null;
        }
    }

    /// <returns>A PNG.</returns>
    public async Task<byte[]> PngAsync(CancellationToken cancellationToken)
    {
        float[] pixels = new float[size.Planes * size.Height * size.Width * channels];
        ElementType type = array.Info.Type;
        ParallelOptions reads = new()
        {
            MaxDegreeOfParallelism = (int)Math.Clamp(
                HeldMax / (samples.VolumeMax * (type.Size() + sizeof(float))), 1, ReadsAtOnceMax),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, samples.Count, reads, async (number, stop) =>
        {
            Box box = samples.BoxOf(number);
            (int volume, int bytes) = ((int)box.Volume, (int)(box.Volume * type.Size()));
            byte[] stored = ArrayPool<byte>.Shared.Rent(bytes);
            float[] values = ArrayPool<float>.Shared.Rent(volume);
            try
            {
                await array.ReadAsync(box, stored.AsMemory(0, bytes), stop);
                ElementConverter.ToFloat32(type, bigEndian: false, stored.AsSpan(0, bytes), values.AsSpan(0, volume));
                samples.ForEach(number, (sample, element) => pixels[PixelOf(sample)] = values[element]);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(stored);
                ArrayPool<float>.Shared.Return(values);
            }
        });
        Func<float, byte> toByte = type == ElementType.UInt8 ? value => (byte)value : ArrayPreview.Stretch([pixels]);
        byte[] shown = Array.ConvertAll(pixels, value => toByte(value));
        return await VipsThread.RunAsync(
            () => ArrayPreview.Encode(shown, size.Width, size.Planes * size.Height, channels), cancellationToken);
    }

    private int CountOf(char axis) => axis switch
    {
        'n' => 1,
        'c' => channels,
        'z' => size.Planes,
        'y' => size.Height,
        _ => size.Width,
    };

    private long PixelOf(Dims sample)
    {
        long plane = zAxis < 0 ? 0 : sample[zAxis];
        long pixel = (((plane * size.Height) + sample[^2]) * size.Width) + sample[^1];
        return (pixel * channels) + (channelAxis < 0 ? 0 : sample[channelAxis]);
    }

    /// <summary>Indices in the middles of equal parts.</summary>
    private static long[] Spread(long origin, long extent, int count) =>
        [.. Enumerable.Range(0, count).Select(place => origin + PreviewView.IndexOf(place, count, extent))];
}
