using System.Globalization;
using System.Runtime.InteropServices;
using Upweave.Storage.Arrays;
using Upweave.Storage.Onnx.Format;
using Upweave.Storage.Stores;
using Upweave.Storage.Tensors;
using Upweave.Tiling;

namespace Upweave.Storage.Onnx;

/// <summary>Finds the elements of a tensor: in its raw bytes, its numbers, or a file beside the model.</summary>
internal static class OnnxTensor
{
    private const int External = 1;

    public static async ValueTask<IArrayReader> OpenAsync(
        IObjectStore store, ObjectInfo model, TensorProto tensor, string name, CancellationToken cancellationToken)
    {
        (ElementType type, int storedBytes) = tensor.DataType switch
        {
            1 => (ElementType.Float32, 4),
            10 => (ElementType.Float16, 2),
            11 => (ElementType.Float64, 8),
            16 => (ElementType.Float32, 2),
            _ => throw new InvalidArrayException(
                $"Tensor '{tensor.Name}' of '{name}' has ONNX's element type {tensor.DataType}, which is not supported.",
                "export it as float, float16, bfloat16 or double"),
        };
        if (!tensor.Segment.IsEmpty)
            throw new InvalidArrayException($"Tensor '{tensor.Name}' of '{name}' is stored in segments, which is not supported.");
        string identity = $"{model.ETag}:{model.Length}";
        IByteSource stored;
        if (tensor.DataLocation == External)
        {
            (stored, ObjectInfo file) = await OpenExternalAsync(store, model, tensor, name, cancellationToken);
            identity += $"+{file.ETag}:{file.Length}";
        }
        else
        {
            stored = new MemorySource(tensor.RawData.IsEmpty ? Numbers(tensor) : tensor.RawData.Memory);
        }

        Dims shape = TensorShape.Check(tensor.Dims, storedBytes, stored.Length, $"{name}, tensor {tensor.Name}");
        bool isBFloat16 = storedBytes < type.Size();
        ArrayInfo info = new() { Format = "onnx", Shape = shape, Type = type, Codecs = isBFloat16 ? ["bfloat16"] : [] };
        return new LinearReader(isBFloat16 ? new BFloat16Source(stored) : stored, info, identity);
    }

    /// <summary>Elements given as numbers; those of 16 bits are in the lower halves of int32.</summary>
    private static byte[] Numbers(TensorProto tensor) => tensor.DataType switch
    {
        1 => MemoryMarshal.AsBytes(tensor.FloatData.ToArray().AsSpan()).ToArray(),
        11 => MemoryMarshal.AsBytes(tensor.DoubleData.ToArray().AsSpan()).ToArray(),
        _ => MemoryMarshal.AsBytes(tensor.Int32Data.Select(bits => (ushort)bits).ToArray().AsSpan()).ToArray(),
    };

    private static async ValueTask<(IByteSource Source, ObjectInfo File)> OpenExternalAsync(
        IObjectStore store, ObjectInfo model, TensorProto tensor, string name, CancellationToken cancellationToken)
    {
        string? Entry(string key) => tensor.ExternalData.LastOrDefault(entry => entry.Key == key)?.Value;
        string what = $"Tensor '{tensor.Name}' of '{name}'";
        string location = Entry("location") ?? "";
        if (location.Split('/', '\\').Any(segment => segment is "" or "." or "..") || location.Contains(':', StringComparison.Ordinal))
        {
            throw new InvalidArrayException(
                $"{what} lies at '{location}', which is no path of a file beside the model.", "keep the data beside the model");
        }

        string path = model.Path[..(model.Path.LastIndexOf('/') + 1)] + location;
        ObjectInfo file = await store.StatAsync(path, cancellationToken)
            ?? throw new InvalidArrayException($"{what} lies in '{location}', and there is none beside the model.", "copy it there");
        long offset = Number(Entry("offset") ?? "0");
        long length = Entry("length") is { } text ? Number(text) : file.Length - offset;
        return offset >= 0 && length >= 0 && offset <= file.Length && length <= file.Length - offset
            ? (new ObjectSource(store, file, offset, length), file)
            : throw new InvalidArrayException(
                $"{what} has {length} bytes from {offset} on in '{location}', which has {file.Length}.", "write or copy it again");
    }

    /// <summary>-1 where the text is no number, which no range can hold.</summary>
    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;
}
