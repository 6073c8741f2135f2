using System.Runtime.InteropServices;

namespace Upweave.Kernels.Gpu.Techniques;

/// <summary>Weights as matrix units take them: rounded, and two channels to a cell of 32 bits where they have 16 bits each.</summary>
internal static class TensorWeights
{
    /// <summary>Channels in a cell.</summary>
    public static int Pack(FastPrecision precision) => precision == FastPrecision.Tf32 ? 1 : 2;

    /// <param name="packed">[panel and group, tap, channel, rows] for one chunk of all channels.</param>
    /// <param name="channels">Per group.</param>
    /// <returns>[panel and group, tap, cell, rows].</returns>
    public static float[] Round(ReadOnlySpan<float> packed, int channels, int rows, FastPrecision precision)
    {
        int pack = Pack(precision);
        int cells = (channels + pack - 1) / pack;
        int taps = packed.Length / channels / rows;
        uint[] rounded = new uint[(long)taps * cells * rows];
        for (int tap = 0; tap < taps; tap++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                ReadOnlySpan<float> from = packed.Slice(((tap * channels) + channel) * rows, rows);
                Span<uint> to = rounded.AsSpan(((tap * cells) + (channel / pack)) * rows, rows);
                for (int row = 0; row < rows; row++)
                    to[row] |= Round(from[row], precision) << (16 * (channel % pack));
            }
        }

        return MemoryMarshal.Cast<uint, float>(rounded).ToArray();
    }

    private static uint Round(float value, FastPrecision precision)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return precision switch
        {
            FastPrecision.Tf32 => (bits + 0x1000) & 0xFFFFE000,
            FastPrecision.Float16 => BitConverter.HalfToUInt16Bits((Half)value),
            _ => (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16,
        };
    }
}
