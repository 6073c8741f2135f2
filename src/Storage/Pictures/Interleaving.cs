using System.Runtime.InteropServices;

namespace Upweave.Storage.Pictures;

/// <summary>Between pixels as pictures hold them (RGBRGB...) and planes as arrays do (RR... GG... BB...).</summary>
internal static class Interleaving
{
    /// <summary>Copies one channel of a run of pixels into a plane.</summary>
    /// <param name="pixels">Pixels of <paramref name="channels"/> elements each.</param>
    /// <param name="plane">One element per pixel.</param>
    /// <param name="elementSize">Bytes per element: 1, 2, 4 or 8.</param>
    public static void Gather(ReadOnlySpan<byte> pixels, Span<byte> plane, int channel, int channels, int elementSize)
    {
        switch (elementSize)
        {
            case 1: Gather<byte>(pixels, plane, channel, channels); break;
            case 2: Gather<ushort>(pixels, plane, channel, channels); break;
            case 4: Gather<uint>(pixels, plane, channel, channels); break;
            default: Gather<ulong>(pixels, plane, channel, channels); break;
        }
    }

    /// <summary>Copies a plane into one channel of a run of pixels: the opposite of <see cref="Gather"/>.</summary>
    public static void Scatter(ReadOnlySpan<byte> plane, Span<byte> pixels, int channel, int channels, int elementSize)
    {
        switch (elementSize)
        {
            case 1: Scatter<byte>(plane, pixels, channel, channels); break;
            case 2: Scatter<ushort>(plane, pixels, channel, channels); break;
            case 4: Scatter<uint>(plane, pixels, channel, channels); break;
            default: Scatter<ulong>(plane, pixels, channel, channels); break;
        }
    }

    private static void Gather<T>(ReadOnlySpan<byte> pixels, Span<byte> plane, int channel, int channels)
        where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(pixels);
        Span<T> target = MemoryMarshal.Cast<byte, T>(plane);
        for (int pixel = 0, at = channel; pixel < target.Length; pixel++, at += channels)
        {
            target[pixel] = source[at];
        }
    }

    private static void Scatter<T>(ReadOnlySpan<byte> plane, Span<byte> pixels, int channel, int channels)
        where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(plane);
        Span<T> target = MemoryMarshal.Cast<byte, T>(pixels);
        for (int pixel = 0, at = channel; pixel < source.Length; pixel++, at += channels)
        {
            target[at] = source[pixel];
        }
    }
}
