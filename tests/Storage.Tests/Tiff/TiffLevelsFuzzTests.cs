using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>Pyramids with bytes changed where their directories are.</summary>
public sealed class TiffLevelsFuzzTests : IDisposable
{
    private const int Times = 600;

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A third of the changes put the place of one directory where another number is, so that they point at each other.</summary>
    [Theory]
    [InlineData("jpeg_pyramid")]
    [InlineData("pyramid_subifd")]
    public async Task Levels_OfADamagedFile_AreReadOrAnErrorThatNamesIt(string name)
    {
        byte[] whole = await File.ReadAllBytesAsync(TiffFiles.Path(name), TestContext.Current.CancellationToken);
        int[] directories = [.. PlacesOfDirectories(whole)];
        Assert.Equal(3, directories.Length);
        Random random = new(53);
        int read = 0, errors = 0;
        for (int time = 0; time < Times; time++)
        {
            byte[] damaged = [.. whole];
            for (int change = random.Next(3); change >= 0; change--)
            {
                int at = Math.Min(whole.Length - 8, directories[random.Next(3)] + random.Next(400));
                if (time % 3 == 0)
                    BitConverter.TryWriteBytes(damaged.AsSpan(at), directories[random.Next(3)]);
                else
                    damaged[at] = (byte)random.Next(256);
            }

            folder.Write("a.tif", damaged);
            foreach (string level in (string[])["", "#1", "#2"])
            {
                try
                {
                    await using IArrayReader reader = await Sample.OpenAsync(folder.At($"a.tif{level}"));
                    Assert.InRange(reader.Info.Levels.Count, 0, 33);
                    Dims shape = reader.Info.Shape;
                    Box corner = new(Dims.Repeat(0, shape.Count), Dims.Build(shape.Count, axis => Math.Min(40, shape[axis])));
                    await Sample.ReadAsync(reader, corner);
                    read++;
                }
                catch (Exception error) when (error is InvalidArrayException or CorruptDataException)
                {
                    Assert.Contains("a.tif", error.Message, StringComparison.Ordinal);
                    errors++;
                }
            }
        }

        Assert.InRange(errors, 100, (3 * Times) - 100);
        Assert.Equal(3 * Times, read + errors);
    }

    /// <summary>By their width and height, which are LONG or SHORT values of the first fields behind the number of fields.</summary>
    private static IEnumerable<int> PlacesOfDirectories(byte[] file)
    {
        bool isBig = file[2] == 43;
        (int countBytes, int entryBytes) = isBig ? (8, 20) : (2, 12);
        for (int at = 8; at < file.Length - countBytes - (2 * entryBytes); at++)
        {
            long count = isBig ? BitConverter.ToInt64(file, at) : BitConverter.ToUInt16(file, at);
            ushort first = BitConverter.ToUInt16(file, at + countBytes), second = BitConverter.ToUInt16(file, at + countBytes + entryBytes);
            if (count is > 6 and < 40 && ((first, second) is (254, 256) or (256, 257)))
                yield return at;
        }
    }
}
