using System.IO.Compression;
using Upweave.Storage.Tests.Tensors;

namespace Upweave.Storage.Tests.Npy;

/// <summary>Files of numpy with changed bytes, or cut short.</summary>
public sealed class NpyDamageTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Read_NpyChangedOrCut_IsAnErrorOrAnArray(int version, bool fortran)
    {
        folder.Write("good", NpyFile.Make(Sample.Random(new Random(3), [3, 4, 5], ElementType.Float32), fortran, bigEndian: fortran, version));
        await Damage.TryAsync(folder, folder.At("good"), "x.npy", "");
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public async Task Read_NpzChangedOrCut_IsAnErrorOrAnArray(CompressionLevel level)
    {
        using MemoryStream file = new();
        using (ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in new[] { "a.npy", "b.npy" })
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(NpyFile.Make(Sample.Random(new Random(4), [7, 5], ElementType.Int16)));
            }
        }

        folder.Write("good", file.ToArray());
        await Damage.TryAsync(folder, folder.At("good"), "x.npz", "#b");
    }
}
