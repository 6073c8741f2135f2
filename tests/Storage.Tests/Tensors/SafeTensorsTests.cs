using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tensors;

public sealed class SafeTensorsTests : IDisposable
{
    private static readonly float[] Values = [0.5f, -1, 2, -3.5f, 96, -0.0078125f];

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.F32", ElementType.Float32)]
    [InlineData("b.F16", ElementType.Float16)]
    [InlineData("c.BF16", ElementType.Float32)]
    [InlineData("d.F64", ElementType.Float64)]
    public async Task Read_TensorOfEachType_HasItsValues(string tensor, ElementType type)
    {
        await using IArrayReader reader = await Sample.OpenAsync($"{Fixture}#{tensor}");
        Assert.Equal(Dims.Create([1, 2, 3]), reader.Info.Shape);
        Assert.Equal(type, reader.Info.Type);
        float[] values = new float[Values.Length];
        ElementConverter.ToFloat32(type, await Sample.ReadAsync(reader, Box.Whole(reader.Info.Shape)), values);
        Assert.Equal(Values, values);
        Box box = new([0, 1, 1], [1, 1, 2]);
        float[] part = new float[2];
        ElementConverter.ToFloat32(type, await Sample.ReadAsync(reader, box), part);
        Assert.Equal(Values[4..], part);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#f")]
    [InlineData("#e.I64")]
    public async Task Open_NoSuchTensorOrType_IsAnError(string member) =>
        await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(Fixture + member));

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":[]}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Open_HeaderThatMakesNoSense_IsAnError(string header)
    {
        folder.Write("x.safetensors", File(header));
        await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("x.safetensors")));
    }

    [Fact]
    public Task Read_BytesChangedOrCut_IsAnErrorOrAnArray() => Damage.TryAsync(folder, Fixture, "x.safetensors", "#c.BF16");

    private static string Fixture => TestFolder.Data("safetensors/types.safetensors");

    private static byte[] File(string header)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. Encoding.UTF8.GetBytes(header), .. MemoryMarshal.AsBytes<float>([1, 2])];
    }
}
