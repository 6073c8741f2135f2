using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Planning;

/// <summary>The weights, the bias or the slopes of a layer, read whole.</summary>
/// <param name="Identity">Pins the content; see <see cref="IArrayReader.Identity"/>.</param>
/// <param name="Values">C order, finite.</param>
public sealed record ParameterArray(Dims Shape, string Identity, float[] Values)
{
    /// <summary>The most elements that are read: 1 GiB of float32.</summary>
    public const long ElementsMax = 1L << 28;

    /// <exception cref="InvalidArrayException">The array cannot be read, is too large, or has an element that is not finite.</exception>
    public static async Task<ParameterArray> ReadAsync(
        IStoreCatalog stores, string reference, string? identity, CancellationToken cancellationToken)
    {
        await using IArrayReader reader = await ArrayReaders.OpenAsync(stores, reference, identity, cancellationToken);
        ArrayInfo info = reader.Info;
        if (info.Shape.Volume > ElementsMax)
        {
            throw new InvalidArrayException(
                $"{reference} has {info.Shape.Volume} elements; weights have at most {ElementsMax}.",
                "check that this is the array of weights");
        }

        byte[] bytes = new byte[info.ByteCount];
        await reader.ReadAsync(Box.Whole(info.Shape), bytes, cancellationToken);
        float[] values = new float[info.Shape.Volume];
        ElementConverter.ToFloat32(info.Type, bytes, values);
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        if (bad >= 0)
        {
            throw new InvalidArrayException(
                $"{reference} has {values[bad]} at flat index {bad}; weights, biases and slopes must be finite.",
                "export the model again, or replace the value");
        }

        return new ParameterArray(info.Shape, reader.Identity, values);
    }
}
