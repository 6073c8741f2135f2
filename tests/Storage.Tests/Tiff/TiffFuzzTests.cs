using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>Alone, since it watches what the process allocates.</summary>
[Collection(nameof(TiffFuzzTests))]
[CollectionDefinition(nameof(TiffFuzzTests), DisableParallelization = true)]
public sealed class TiffFuzzTests : IDisposable
{
    private const int Times = 800;

    /// <summary>The files have some KB each. What they claim of a tile may be 256 MiB: no array of that size is made for it.</summary>
    private const long AllocatedBytesMax = 64 << 20;

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Names =>
    [
        "plain_u2_le", "big_tiles_rgb_u2_be", "planar_tiles_5_f4", "deflate_tiles_rgb_u1", "packbits_u1", "lzw_2_u2_le", "lzw_clear_u1",
        "zip_3_f4_be", "zstd_2_u2", "jpeg_pyramid", "stack", "imagej", "imagej_one_page", "ome_ctzyx", "geo_area", "geo_matrix",
    ];

    /// <summary>Half of the changes are made where the directories are, by the place of the last and first bytes.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Read_DamagedFile_GivesAnArrayOrAnErrorThatNamesIt(string name)
    {
        byte[] whole = await File.ReadAllBytesAsync(TiffFiles.Path(name), TestContext.Current.CancellationToken);
        Random random = new(29);
        int errors = 0;
        for (int time = 0; time < Times; time++)
        {
            byte[] damaged = [.. whole];
            int span = time % 2 == 0 ? Math.Min(whole.Length, 600) : whole.Length;
            for (int change = random.Next(3); change >= 0; change--)
            {
                damaged[random.Next(span)] = time % 3 == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            folder.Write("a.tif", time % 5 == 0 ? damaged.AsSpan(0, random.Next(whole.Length)) : damaged);
            long before = GC.GetTotalAllocatedBytes();
            try
            {
                await using IArrayReader reader = await Sample.OpenAsync(folder.At("a.tif"));
                Dims shape = reader.Info.Shape;
                Box corner = new(Dims.Repeat(0, shape.Count), Dims.Build(shape.Count, axis => Math.Min(40, shape[axis])));
                await Sample.ReadAsync(reader, corner);
            }
            catch (Exception error) when (error is InvalidArrayException or CorruptDataException)
            {
                Assert.Contains("a.tif", error.Message, StringComparison.Ordinal);
                errors++;
            }

            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, AllocatedBytesMax);
        }

        Assert.InRange(errors, 1, Times - 1);
    }
}
