using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Worker.Tiles;

/// <summary>Computes a tile that is not stored as float32: each band is converted into its place while it is in the cache.</summary>
public static class OutputBands
{
    /// <param name="input">[C, region...] as float32.</param>
    /// <param name="tile">Spatial, in the layer's full output.</param>
    /// <param name="band">Room for a band as float32.</param>
    /// <param name="elements">[C, tile...], C order; every element is overwritten.</param>
    public static void Compute(
        IConvTransposeKernel kernel, TileBands bands, ReadOnlySpan<float> input, Box region, Box tile, int channels, ElementType type,
        Span<float> band, Span<float> workspace, Span<byte> elements, CancellationToken cancellationToken)
    {
        int plane = checked((int)tile.Volume);
        long slice = tile.Shape.From(bands.Axis + 1).Volume;
        int size = type.Size();
        foreach (Box part in bands.Cut(tile))
        {
            int length = checked((int)part.Volume);
            int start = checked((int)((part.Origin[bands.Axis] - tile.Origin[bands.Axis]) * slice));
            Span<float> computed = band[..checked(channels * length)];
            kernel.Compute(input, region, computed, part, batch: 1, workspace, cancellationToken);
            for (int channel = 0; channel < channels; channel++)
            {
                Span<byte> place = elements.Slice(checked(((channel * plane) + start) * size), checked(length * size));
                ElementConverter.FromFloat32(computed.Slice(channel * length, length), type, place);
            }
        }
    }
}
