using Google.Protobuf;
using Upweave.Storage.Arrays;
using Upweave.Storage.Onnx.Format;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Onnx;

/// <summary>The tensors and the ConvTranspose nodes of an ONNX model.</summary>
internal sealed class OnnxModel
{
    /// <summary>The largest model file that is read; larger ones keep their tensors in a second file.</summary>
    public const long BytesMax = 256 << 20;

    private readonly IObjectStore store;
    private readonly ObjectInfo info;
    private readonly string name;
    private readonly List<NodeProto> nodes;
    private readonly Dictionary<string, TensorProto> tensors = new(StringComparer.Ordinal);

    private OnnxModel(IObjectStore store, ObjectInfo info, string name, GraphProto graph)
    {
        this.store = store;
        this.info = info;
        this.name = name;
        nodes = [.. graph.Node.Where(node => node.OpType == "ConvTranspose" && node.Domain is "" or "ai.onnx")];
        foreach (TensorProto tensor in graph.Initializer)
        {
            tensors[tensor.Name] = tensor;
        }

        foreach (NodeProto node in graph.Node.Where(node => node.OpType == "Constant" && node.Output.Count == 1))
        {
            if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is { } value)
                tensors[node.Output[0]] = value;
        }
    }

    /// <param name="name">Names the model in messages.</param>
    /// <exception cref="InvalidArrayException">The file is too large, or no ONNX model.</exception>
    public static async ValueTask<OnnxModel> ReadAsync(
        IObjectStore store, ObjectInfo info, string name, CancellationToken cancellationToken)
    {
        if (info.Length > BytesMax)
        {
            throw new InvalidArrayException(
                $"The model '{name}' has {info.Length} bytes; at most {BytesMax} are read.", "export it with external data");
        }

        byte[] bytes = new byte[info.Length];
        await store.ReadAsync(info.Path, 0, bytes, info.ETag, cancellationToken);
        try
        {
            ModelProto model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
            return model.Graph is { } graph
                ? new OnnxModel(store, info, name, graph)
                : throw new InvalidArrayException($"'{name}' is no ONNX model: it has no graph.");
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new InvalidArrayException($"'{name}' is no ONNX model: {malformed.Message}", "export it again", malformed);
        }
    }

    /// <summary>Opens a tensor, or the weights of a node.</summary>
    /// <param name="member">Name of an initializer, of a Constant's output or of a node; null where there is one node.</param>
    public ValueTask<IArrayReader> OpenAsync(string? member, CancellationToken cancellationToken)
    {
        TensorProto? tensor = member is not null ? tensors.GetValueOrDefault(member) : null;
        tensor ??= TensorOf(FindNode(member), 1, "weights");
        return OnnxTensor.OpenAsync(store, info, tensor, name, cancellationToken);
    }

    /// <summary>The node that a name stands for; null where it is a tensor's.</summary>
    public OnnxNode? Node(string? member)
    {
        if (member is not null && tensors.ContainsKey(member))
            return null;
        NodeProto node = FindNode(member);
        TensorOf(node, 1, "weights");
        string? bias = node.Input.Count > 2 && node.Input[2].Length > 0 ? node.Input[2] : null;
        if (bias is not null)
            TensorOf(node, 2, "bias");
        return OnnxNode.Read(node, node.Input[1], bias, name);
    }

    private NodeProto FindNode(string? member)
    {
        List<NodeProto> found = [.. nodes.Where(node => member is null || node.Name == member)];
        if (found.Count == 0)
            found = [.. nodes.Where(node => node.Output.Contains(member!))];
        string names = string.Join(", ", nodes.Select(Label).Concat(tensors.Keys).Take(100));
        return found.Count switch
        {
            1 => found[0],
            0 => throw new InvalidArrayException(
                member is null ? $"'{name}' has no ConvTranspose node." : $"'{name}' has no ConvTranspose node or tensor '{member}'.",
                $"it has: {names}"),
            _ => throw new InvalidArrayException(
                $"'{name}' has {found.Count} ConvTranspose nodes to choose from.", $"add #name, one of: {names}"),
        };
    }

    private TensorProto TensorOf(NodeProto node, int input, string role) =>
        node.Input.Count > input && tensors.TryGetValue(node.Input[input], out TensorProto? tensor)
            ? tensor
            : throw new InvalidArrayException(
                $"The {role} of ConvTranspose '{Label(node)}' of '{name}' are no initializer or constant: they are computed, or an input "
                + "of the model.", "give them as an array of their own, or export the model with its weights inside");

    private static string Label(NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? "";
}
