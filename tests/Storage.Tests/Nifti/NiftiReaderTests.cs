using Upweave.Storage.Arrays;
using Upweave.Storage.Tests.Tensors;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Nifti;

public sealed class NiftiReaderTests : IDisposable
{
    private static readonly ElementType[] Types =
    [
        ElementType.UInt8, ElementType.Int8, ElementType.UInt16, ElementType.Int16, ElementType.UInt32, ElementType.Int32,
        ElementType.UInt64, ElementType.Int64, ElementType.Float32, ElementType.Float64,
    ];

    private readonly TestFolder folder = new();

    public static TheoryData<string> Files => [.. NiftiCases.Plain];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Read_FileOfOtherSoftware_IsWhatNibabelReads(string name)
    {
        await using IArrayReader reader = await Sample.OpenAsync(NiftiCases.PathOf(name));
        await NiftiCases.CheckAsync(name, reader.Info);
        Assert.Equal(await Sample.ReadAllAsync(NiftiCases.PathOf(name + ".npy")), await Sample.ReadAllAsync(NiftiCases.PathOf(name)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Read_RandomBoxes_AreThoseOfTheArray(int seed)
    {
        Random random = new(seed);
        Dims extents = Dims.Build(5, _ => random.Next(1, 6));
        ElementType type = Types[random.Next(Types.Length)];
        NiftiFile file = new(extents, type) { Version = random.Next(1, 3), BigEndian = random.Next(2) == 0 };
        Sample sample = Sample.Random(random, file.Shape, type);
        folder.Write("x.nii", file.Make(sample));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.nii"));
        Assert.Equal((file.Shape, type, file.Axes), (reader.Info.Shape, reader.Info.Type, reader.Info.Axes));
        for (int time = 0; time < 10; time++)
        {
            Box box = sample.RandomBox(random);
            Assert.Equal(sample.Cut(box), await Sample.ReadAsync(reader, box));
            byte[] stored = new byte[box.Volume * type.Size()];
            await reader.ReadStoredAsync(box, stored, TestContext.Current.CancellationToken);
            Assert.Equal(sample.Cut(box), reader.StoredBigEndian ? Sample.Swap(stored, type.Size()) : stored);
        }
    }

    [Fact]
    public async Task Read_ScaledBox_IsThatPartOfTheWhole()
    {
        Random random = new(1);
        NiftiFile file = new([40, 50, 60, 1, 1], ElementType.Int16) { BigEndian = true, Slope = 0.1f, Intercept = -3 };
        Sample stored = Sample.Random(random, file.Shape, ElementType.Int16);
        folder.Write("x.nii", file.Make(stored));
        await using IArrayReader reader = await Sample.OpenAsync(folder.At("x.nii"));
        byte[] whole = [.. stored.Bytes.Chunk(2)
            .SelectMany(element => BitConverter.GetBytes((float)((BitConverter.ToInt16(element) * (double)0.1f) - 3)))];
        Assert.Equal(whole, await Sample.ReadAllAsync(folder.At("x.nii")));
        Sample scaled = new(file.Shape, ElementType.Float32, whole);
        for (int time = 0; time < 10; time++)
        {
            Box box = scaled.RandomBox(random);
            Assert.Equal(scaled.Cut(box), await Sample.ReadAsync(reader, box));
        }
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(float.NaN, 7)]
    [InlineData(float.PositiveInfinity, 7)]
    [InlineData(1, 0)]
    public async Task Open_SlopeThatSaysNothing_KeepsTheType(float slope, float intercept)
    {
        Sample sample = Sample.Random(new Random(1), [2, 3, 4], ElementType.Int16);
        folder.Write("x.nii", new NiftiFile([4, 3, 2, 1, 1], ElementType.Int16) { Slope = slope, Intercept = intercept }.Make(sample));
        Assert.Equal(sample.Bytes, await Sample.ReadAllAsync(folder.At("x.nii")));
    }

    [Fact]
    public async Task Open_WithoutItsExtension_IsKnownByItsMagic()
    {
        Sample sample = Sample.Random(new Random(1), [2, 3, 4], ElementType.Int16);
        foreach (int version in new[] { 1, 2 })
        {
            folder.Write("scan", new NiftiFile([4, 3, 2, 1, 1], ElementType.Int16) { Version = version }.Make(sample));
            Assert.Equal(sample.Bytes, await Sample.ReadAllAsync(folder.At("scan")));
        }
    }

    [Theory]
    [InlineData(1, 344, "ni1\0", "pair")]
    [InlineData(2, 4, "ni2\0", "pair")]
    [InlineData(1, 344, "\0\0\0\0", "Analyze")]
    [InlineData(1, 70, "\u0080\0", "RGB")]
    [InlineData(1, 70, "\u0020\0", "complex")]
    [InlineData(1, 70, "\u0003\0", "3 (NIfTI datatype)")]
    [InlineData(1, 40, "\0\0", "0 axes")]
    [InlineData(1, 40, "\u0008\0", "8 axes")]
    [InlineData(1, 44, "\0\0", "each must be 1 or more")]
    [InlineData(1, 52, "\u0002\0\u0002\0", "more than five axes", 7)]
    [InlineData(1, 42, "\u00FF\u007F", "truncated")]
    [InlineData(1, 108, "\0\0\u0080\u003F", "inside the header")]
    [InlineData(1, 108, "\0\0\u00C0\u007F", "inside the header")]
    [InlineData(2, 24, "\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u007F", "64 bits")]
    [InlineData(1, 0, "\u0001\u0002\u0003\u0004", "348 or 540")]
    public async Task Open_HeaderThatMakesNoSense_IsAnError(int version, int at, string bytes, string said, byte axes = 3)
    {
        Sample sample = Sample.Random(new Random(1), [2, 3, 4], ElementType.Int16);
        byte[] file = new NiftiFile([4, 3, 2, 1, 1], ElementType.Int16) { Version = version }.Make(sample);
        if (axes > 3)
            file[40] = axes;
        System.Text.Encoding.Latin1.GetBytes(bytes).CopyTo(file, at);
        folder.Write("x.nii", file);
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(async () => await Sample.OpenAsync(folder.At("x.nii")));
        Assert.Contains(said, error.Message);
    }

    [Fact]
    public async Task Open_CompressedAsAWhole_SaysThatItMustBeIngested()
    {
        InvalidArrayException error = await Assert.ThrowsAsync<InvalidArrayException>(
            async () => await Sample.OpenAsync(NiftiCases.PathOf(NiftiCases.Compressed[0])));
        Assert.Contains("by box", error.Message);
    }

    [Theory]
    [InlineData("v1_u8_scaled.nii")]
    [InlineData("v1_big_i16_qform.nii")]
    [InlineData("v2_big_u32_all.nii")]
    public Task Read_BytesChangedOrCut_IsAnErrorOrAnArray(string name) =>
        Damage.TryAsync(folder, NiftiCases.PathOf(name), "x.nii", "");
}
