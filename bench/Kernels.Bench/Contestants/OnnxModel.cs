using System.Runtime.InteropServices;
using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Bench.Contestants;

/// <summary>
/// An ONNX model of one ConvTranspose with its weights. Field numbers are those of onnx.proto; opset 11 is the last that
/// changed ConvTranspose for float32.
/// </summary>
internal static class OnnxModel
{
    public const string Input = "x";
    public const string Output = "y";
    private const string Weights = "w";
    private const int Float = 1;
    private const int AttributeNumber = 2;
    private const int AttributeNumbers = 7;

    public static byte[] Create(RowData data)
    {
        ConvTransposeLayer layer = data.Row.Layer;
        ConvTransposeGeometry geometry = layer.Geometry;
        ProtobufWriter node = new ProtobufWriter()
            .Text(1, Input).Text(1, Weights)
            .Text(2, Output)
            .Text(4, "ConvTranspose")
            .Message(5, Attribute("kernel_shape", geometry.Kernel))
            .Message(5, Attribute("strides", geometry.Strides))
            .Message(5, Attribute("pads", geometry.PadsBegin.Concat(geometry.PadsEnd)))
            .Message(5, Attribute("output_padding", geometry.OutputPadding))
            .Message(5, Attribute("dilations", geometry.Dilations))
            .Message(5, new ProtobufWriter().Text(1, "group").Number(3, layer.Groups).Number(20, AttributeNumber));
        ProtobufWriter weights = new ProtobufWriter()
            .Numbers(1, layer.WeightShape)
            .Number(2, Float)
            .Text(8, Weights)
            .Bytes(9, MemoryMarshal.AsBytes(data.Weights.Floats));
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, node)
            .Text(2, "layer")
            .Message(5, weights)
            .Message(11, Tensor(Input, data.Row.InputShape))
            .Message(12, Tensor(Output, data.Row.OutputShape));
        return new ProtobufWriter()
            .Number(1, 8)
            .Message(7, graph)
            .Message(8, new ProtobufWriter().Text(1, "").Number(2, 11))
            .ToArray();
    }

    private static ProtobufWriter Attribute(string name, Dims values) =>
        new ProtobufWriter().Text(1, name).Numbers(8, values).Number(20, AttributeNumbers);

    private static ProtobufWriter Tensor(string name, Dims shape)
    {
        ProtobufWriter dims = new();
        foreach (long extent in shape)
        {
            dims.Message(1, new ProtobufWriter().Number(1, extent));
        }

        return new ProtobufWriter().Text(1, name)
            .Message(2, new ProtobufWriter().Message(1, new ProtobufWriter().Number(1, Float).Message(2, dims)));
    }
}
