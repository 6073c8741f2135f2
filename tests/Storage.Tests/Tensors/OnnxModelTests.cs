using Google.Protobuf;
using Upweave.Storage.Arrays;
using Upweave.Storage.Onnx;
using Upweave.Storage.Onnx.Format;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Tensors;

public sealed class OnnxModelTests : IDisposable
{
    private static readonly float[] Values = [1.5f, -2, 0.25f, 96];

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Bits by IEEE 754: 1.5, -2, 0.25 and 96 as float16 and bfloat16.</summary>
    public static TheoryData<string> Forms => ["float_data", "raw", "double_data", "float16", "bfloat16"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Read_ElementsInEachForm_HasTheValues(string form)
    {
        TensorProto tensor = new() { Name = "w", Dims = { 2, 2 }, DataType = 1 };
        switch (form)
        {
            case "float_data":
                tensor.FloatData.AddRange(Values);
                break;
            case "raw":
                tensor.RawData = ByteString.CopyFrom([0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0x80, 0x3E, 0, 0, 0xC0, 0x42]);
                break;
            case "double_data":
                tensor.DataType = 11;
                tensor.DoubleData.AddRange(Values.Select(value => (double)value));
                break;
            case "float16":
                tensor.DataType = 10;
                tensor.Int32Data.AddRange([0x3E00, 0xC000, 0x3400, 0x5600]);
                break;
            default:
                tensor.DataType = 16;
                tensor.Int32Data.AddRange([0x3FC0, 0xC000, 0x3E80, 0x42C0]);
                break;
        }

        Assert.Equal(Values, await ReadAsync(tensor));
    }

    [Fact]
    public async Task Read_ExternalData_IsPinnedAndReadByRange()
    {
        folder.Write("m/w.bin", [9, 9, 9, 9, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0x80, 0x3E, 0, 0, 0xC0, 0x42, 9]);
        TensorProto tensor = External("w.bin", "4", "16");
        Assert.Equal(Values, await ReadAsync(tensor));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("m/x.onnx#w"));
        folder.Write("m/w.bin", new byte[25]);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await ArrayReaders.OpenAsync(
            new PlainPathCatalog(), folder.At("m/x.onnx#w"), reader.Identity, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("../w.bin", "0", "16")]
    [InlineData("/etc/passwd", "0", "16")]
    [InlineData("none.bin", "0", "16")]
    [InlineData("w.bin", "8", "16")]
    [InlineData("w.bin", "-4", "16")]
    [InlineData("w.bin", "9223372036854775807", "16")]
    [InlineData("w.bin", "0", "9223372036854775807")]
    [InlineData("w.bin", "0", "12")]
    public async Task Open_ExternalDataThatDoesNotFit_IsAnError(string location, string offset, string length)
    {
        folder.Write("w.bin", new byte[16]);
        folder.Write("m/w.bin", new byte[16]);
        await Assert.ThrowsAsync<InvalidArrayException>(async () => await ReadAsync(External(location, offset, length)));
    }

    [Fact]
    public async Task Find_NodeThatComputesItsWeights_IsAnError()
    {
        GraphProto graph = new() { Node = { new NodeProto { OpType = "ConvTranspose", Name = "n", Input = { "x", "w" }, Output = { "y" } } } };
        folder.Write("x.onnx", new ModelProto { Graph = graph }.ToByteArray());
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(async () => await OnnxNode.FindAsync(
            new PlainPathCatalog(), folder.At("x.onnx#n"), TestContext.Current.CancellationToken));
        Assert.Contains("initializer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task Read_BytesChangedOrCut_IsAnErrorOrAnArray() =>
        Damage.TryAsync(folder, TestFolder.Data("onnx-node/test_convtranspose_pads.onnx"), "x.onnx", "#W");

    private static TensorProto External(string location, string offset, string length) => new()
    {
        Name = "w",
        Dims = { 2, 2 },
        DataType = 1,
        DataLocation = 1,
        ExternalData =
        {
            new StringStringEntryProto { Key = "location", Value = location },
            new StringStringEntryProto { Key = "offset", Value = offset },
            new StringStringEntryProto { Key = "length", Value = length },
        },
    };

    private async Task<float[]> ReadAsync(TensorProto tensor)
    {
        folder.Write("m/x.onnx", new ModelProto { Graph = new GraphProto { Initializer = { tensor } } }.ToByteArray());
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("m/x.onnx#w"));
        byte[] bytes = await Sample.ReadAsync(reader, Tiling.Box.Whole(reader.Info.Shape));
        float[] values = new float[reader.Info.Shape.Volume];
        ElementConverter.ToFloat32(reader.Info.Type, bytes, values);
        return values;
    }
}
