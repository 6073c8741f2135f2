using System.Globalization;
using System.Text;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Stores;

/// <summary>A file of floating blocks whose tail says in words where each block lies, and whose head where the tail does.</summary>
internal sealed class TextFrame(params int[] blocks) : IFileFrame
{
    public const string Mark = "TAIL";

    /// <summary>The process ends after this many pieces of the tail.</summary>
    public int? DiesAfter { get; init; }

    public IEnumerable<int> Blocks => blocks;

    public long TailBytesMax => 1000;

    public FileEnds Build(IReadOnlyList<PlacedBlock> placed, long tailStart)
    {
        Assert.Equal(blocks, placed.Select(block => block.Block.Index));
        return new FileEnds(
            Encoding.ASCII.GetBytes(tailStart.ToString(CultureInfo.InvariantCulture).PadRight(IFileFrame.HeadBytes)), Tail(placed));
    }

    /// <summary>The blocks' contents of a file, in order, as its tail says where they are.</summary>
    public static string[] Read(string file)
    {
        Assert.Equal(file.IndexOf(Mark, StringComparison.Ordinal), file.LastIndexOf(Mark, StringComparison.Ordinal));
        string tail = file[int.Parse(file[..IFileFrame.HeadBytes], CultureInfo.InvariantCulture)..].Split('\0')[0];
        Assert.StartsWith(Mark, tail, StringComparison.Ordinal);
        int[][] places = [.. tail[Mark.Length..].Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(place => place.Split('+').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        Assert.All(places.OrderBy(place => place[0]).Zip(places.OrderBy(place => place[0]).Skip(1)),
            pair => Assert.True(pair.First[0] + pair.First[1] <= pair.Second[0]));
        return [.. places.Select(place => file.Substring(place[0], place[1]))];
    }

    private IEnumerable<ReadOnlyMemory<byte>> Tail(IReadOnlyList<PlacedBlock> placed)
    {
        string[] pieces = [Mark, .. placed.Select(block => $"{block.Offset}+{block.Block.Length};")];
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            if (piece == DiesAfter)
                throw new InvalidOperationException("The process ended here.");
            yield return Encoding.ASCII.GetBytes(pieces[piece]);
        }
    }
}
