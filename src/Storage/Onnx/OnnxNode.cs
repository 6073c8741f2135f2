using Upweave.Storage.Arrays;
using Upweave.Storage.Onnx.Format;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Onnx;

/// <summary>A ConvTranspose node; null is an attribute that it does not state.</summary>
/// <param name="Weights">Reference of the weights: the model's, with the tensor's name.</param>
/// <param name="Bias">Reference of the bias; null: none.</param>
public sealed record OnnxNode(string Weights, string? Bias)
{
    public IReadOnlyList<long>? Strides { get; private init; }

    public IReadOnlyList<long>? Pads { get; private init; }

    public IReadOnlyList<long>? OutputPadding { get; private init; }

    public IReadOnlyList<long>? Dilations { get; private init; }

    public IReadOnlyList<long>? OutputShape { get; private init; }

    public IReadOnlyList<long>? KernelShape { get; private init; }

    public long? Group { get; private init; }

    public string? AutoPad { get; private init; }

    /// <summary>The node that a reference names.</summary>
    /// <returns>Null where it names a tensor, or is no ONNX model's.</returns>
    /// <exception cref="InvalidArrayException">The model cannot be read, has no such node, or does not hold its weights.</exception>
    public static async ValueTask<OnnxNode?> FindAsync(IStoreCatalog stores, string reference, CancellationToken cancellationToken)
    {
        int mark = reference.LastIndexOf('#');
        string path = mark > 0 ? reference[..mark] : reference;
        if (!FileKinds.IsOnnx(path))
            return null;
        StoreLocation location = stores.Resolve(path);
        if (await location.Store.StatAsync(location.Path, cancellationToken) is not { } info)
            return null;
        OnnxModel model = await OnnxModel.ReadAsync(location.Store, info, path, cancellationToken);
        OnnxNode? node = model.Node(mark > 0 ? reference[(mark + 1)..] : null);
        return node is null ? null : node with
        {
            Weights = $"{path}#{node.Weights}",
            Bias = node.Bias is null ? null : $"{path}#{node.Bias}",
        };
    }

    internal static OnnxNode Read(NodeProto node, string weights, string? bias, string name)
    {
        if (node.Attribute.FirstOrDefault(attribute => attribute.RefAttrName.Length > 0) is { } bound)
            throw new InvalidArrayException($"Attribute {bound.Name} of a node of '{name}' is a function's, which is not supported.");
        AttributeProto? Find(string attribute) => node.Attribute.LastOrDefault(candidate => candidate.Name == attribute);
        IReadOnlyList<long>? List(string attribute) => Find(attribute)?.Ints is { Count: > 0 } values ? [.. values] : null;
        return new OnnxNode(weights, bias)
        {
            Strides = List("strides"),
            Pads = List("pads"),
            OutputPadding = List("output_padding"),
            Dilations = List("dilations"),
            OutputShape = List("output_shape"),
            KernelShape = List("kernel_shape"),
            Group = Find("group")?.I,
            AutoPad = Find("auto_pad")?.S.ToStringUtf8(),
        };
    }
}
