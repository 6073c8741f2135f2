using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Tiff;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Reads the options of an output's format: which of them it has, and what it does without.</summary>
public static class FormatPlanner
{
    /// <summary>The largest chunk that may be asked for, in bytes: who reads it holds a few of them.</summary>
    public const long ChunkBytesMax = 256L << 20;

    /// <summary>Versions of zarr that are written.</summary>
    public static IReadOnlyList<int> ZarrFormats { get; } = [2, 3];

    /// <summary>What can be said of options while nobody knows the output's axes.</summary>
    public static void CheckOptions(FormatSpecification? asked, string? format, List<Problem> problems)
    {
        if (asked is null)
            return;
        SpecificationRules.Unknown("format.", asked.Unknown, problems);
        if (asked.ZarrFormat is int version && !ZarrFormats.Contains(version))
            problems.Add(new Problem("format.zarr_format", $"There is no zarr {version} here.", $"use {string.Join(" or ", ZarrFormats)}"));
        if (format is null)
            return;
        bool isZarr = OutputFormats.IsZarr(format);
        bool isV3 = format is OutputFormats.Zarr or OutputFormats.OmeZarr;
        Only("zarr_format", asked.ZarrFormat is not null, isZarr, ".zarr", problems);
        bool isCompressed = isZarr || OutputFormats.IsTiff(format);
        Only("compression", asked.Compression is not null, isCompressed, ".zarr or .tif", problems);
        Only("level", asked.Level is not null, isCompressed, ".zarr or .tif", problems);
        Only("chunk", asked.Chunk is not null, isCompressed, ".zarr or .tif", problems);
        Only("shard", asked.Shard is not null, isV3, ".zarr of zarr_format 3", problems);
        Only("pyramid", asked.Pyramid == true, OutputFormats.IsOme(format), ".ome.zarr", problems);
        if (isCompressed)
            CheckCompression(asked, CompressionNames.Of(format), problems);
    }

    /// <param name="space">The spatial shape of the output.</param>
    /// <returns>Null when a problem was added.</returns>
    public static FormatDraft? Plan(FormatSpecification? asked, string format, Dims space, ElementType type, List<Problem> problems)
    {
        int before = problems.Count;
        CheckOptions(asked, format, problems);
        Dims? chunk = OutputFormats.IsTiff(format)
            ? TiffTile(asked?.Chunk, type, problems)
            : Chunk(asked?.Chunk, space, type, problems);
        if (problems.Count > before)
            return null;
        bool isCompressed = OutputFormats.IsZarr(format) || OutputFormats.IsTiff(format);
        string compression = isCompressed ? asked?.Compression ?? CompressionNames.Of(format)[0] : CompressionNames.None;
        bool mayShard = format is OutputFormats.Zarr or OutputFormats.OmeZarr;
        return new FormatDraft(compression, asked?.Level, chunk, mayShard && asked?.Shard != false, asked?.Pyramid == true);
    }

    private static Dims? Chunk(IReadOnlyList<long>? asked, Dims space, ElementType type, List<Problem> problems)
    {
        if (asked is null
            || AxisVector.Read("format.chunk", asked, space.Count, missing: 1, AxisVector.ExtentMin, problems) is not { } sides)
        {
            return null;
        }

        Dims chunk = Dims.Build(space.Count, axis => Math.Min(sides[axis], space[axis]));
        if (chunk.Volume > ChunkBytesMax / type.Size())
            problems.Add(new Problem("format.chunk", $"A chunk {sides} has more than {ChunkBytesMax} bytes.", "use smaller chunks"));
        return chunk;
    }

    /// <summary>Height and width of a TIFF tile.</summary>
    private static Dims? TiffTile(IReadOnlyList<long>? asked, ElementType type, List<Problem> problems)
    {
        if (asked is null || AxisVector.Read("format.chunk", asked, 2, missing: 16, TiffTiling.Unit, problems) is not { } sides)
            return null;
        if (sides.Any(side => side % TiffTiling.Unit != 0))
        {
            problems.Add(new Problem(
                "format.chunk", $"Tiles of a TIFF have sides that are multiples of {TiffTiling.Unit}, and not {sides}.", "use 256 or 512"));
        }

        if (checked(sides.Volume * type.Size()) > TiffTiling.TileBytesMax)
        {
            problems.Add(new Problem(
                "format.chunk", $"A TIFF tile {sides} has more than {TiffTiling.TileBytesMax} bytes.", "use smaller ones"));
        }

        return sides;
    }

    private static void Only(string option, bool isAsked, bool hasIt, string where, List<Problem> problems)
    {
        if (isAsked && !hasIt)
            problems.Add(new Problem($"format.{option}", "The output's format has no such option.", $"leave it out, or write {where}"));
    }

    private static void CheckCompression(FormatSpecification asked, IReadOnlyList<string> known, List<Problem> problems)
    {
        SpecificationRules.OneOf("format.compression", asked.Compression, known, problems);
        if (asked.Level is not int level)
            return;
        int most = CompressionNames.LevelMax(asked.Compression ?? known[0]);
        if (level < CompressionNames.LevelMin || level > most)
        {
            problems.Add(new Problem(
                "format.level", $"There is no level {level} of {asked.Compression ?? known[0]}.",
                most == 0 ? "leave it out" : $"use {CompressionNames.LevelMin} to {most}"));
        }
    }
}
