using Upweave.Contracts;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Tiff;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Chooses the shape of tiles and chunks, or fits the one that was asked for.</summary>
public sealed class TilePlanner(CoordinatorOptions options)
{
    /// <summary>A tile's memory that is aimed at: past it nothing is gained, below it overheads show.</summary>
    public const long FootprintTarget = 32L << 20;

    /// <summary>The most tiles of one job.</summary>
    public const long TilesMax = 100_000_000;

    /// <summary>The most blocks of one object in blob storage, less the header.</summary>
    public const long BlocksMax = 49_999;

    /// <summary>A tile of fewer elements is not cut further to keep more slots busy.</summary>
    public const long TileElementsMin = 1 << 18;

    /// <summary>
    /// What tiles read beside their own inputs, relative to these: beyond it, a larger tile is worth more memory than is aimed at.
    /// </summary>
    private const double HaloShareMost = 0.5;

    /// <summary>Side of a chunk by spatial rank, where a tile's chunks are one object: readers fetch little that is not wanted.</summary>
    private static readonly long[] ShardedChunkSides = [0, 1 << 16, 256, 64];

    /// <summary>
    /// The same where each chunk is an object: 2^18 elements, and 2^20 of one byte in a plane, since a blob service takes as long for a
    /// small object as for a large one.
    /// </summary>
    private static long ObjectSide(int spatialRank, ElementType type) =>
        spatialRank == 2 && type.Size() == 1 ? 1024 : ObjectSides[spatialRank];

    private static readonly long[] ObjectSides = [0, 1 << 18, 512, 64];

    /// <summary>What can be said of a tile while nobody knows how many axes it should have.</summary>
    public static void CheckNumbers(IReadOnlyList<long>? asked, List<Problem> problems) =>
        AxisVector.Read("tile", asked, asked?.Count ?? 1, missing: 1, AxisVector.ExtentMin, problems);

    /// <returns>Null when a problem was added.</returns>
    public TileDraft? Plan(
        ConvTransposeLayer layer, InputReading input, OutputDraft output, IReadOnlyList<long>? asked, List<Problem> problems)
    {
        int before = problems.Count;
        Dims space = output.Region.Shape;
        Dims? fixedTile = asked is null ? null : AxisVector.Read("tile", asked, space.Count, missing: 1, AxisVector.ExtentMin, problems);
        if (problems.Count > before)
            return null;
        ITileCutter cutter = CutterOf(output);
        (Dims Tile, Dims Chunk) Draft(Dims tile) =>
            (output.Axes.Join(1, layer.OutputChannels, tile), ChunkOf(layer, output, cutter.Chunk(tile), tile));
        TileFootprint Footprint(Dims tile)
        {
            OutputLayout layout = LayoutOf(output, Draft(tile));
            TileFootprint full = TileFootprint.Of(
                layer, tile, input.Type, output.Type,
                input.OverheadBytes(input.Axes.Join(1, layer.InputChannels, TileFootprint.ReadShape(layer, tile))),
                ArrayWriters.EncodedBytesMax(layout));
            TileFootprint lower = output.Options.Pyramid ? OfLowerResolution(layout, output.Axes) : default;
            return lower.Total > full.Total ? lower : full;
        }

        long shared = checked(KernelSelector.PackedBytes(layer) + input.KeptBytes);
        long budget = (options.WorkerMemoryBytes - shared) / TileFootprint.TilesHeld(options.WorkerSlots);
        Dims spatial = fixedTile is not null
            ? cutter.Fit(fixedTile.Value)
            : Choose(
                cutter, output, layer.OutputChannels, tile => Footprint(tile).Total, budget,
                tile => BlocksOf(LayoutOf(output, Draft(tile)), output), tile => HaloShare(layer, tile));
        (Dims whole, Dims chunk) = Draft(spatial);
        TileDraft draft = new(whole, chunk, IsSharded(output, whole, chunk), Footprint(spatial));
        CheckMemory(draft, shared, budget, problems);
        // Else there are many tiles only because none fits the budget.
        if (fixedTile is not null || problems.Count == before)
            CheckCounts(draft, LayoutOf(output, (whole, chunk)), output, problems);
        return problems.Count > before ? null : draft;
    }

    private static TileFootprint OfLowerResolution(OutputLayout layout, AxisLayout axes)
    {
        bool[] halved = [.. Enumerable.Range(0, axes.Rank).Select(axis => axis >= axes.Leading)];
        return TileFootprint.OfPyramid(layout, halved, box => ArrayReaders.LevelHeldBytes(box, layout));
    }

    private static double HaloShare(ConvTransposeLayer layer, Dims tile)
    {
        double own = tile.Zip(layer.Geometry.Strides).Aggregate(1.0, (product, axis) => product * axis.First / axis.Second);
        return (TileFootprint.ReadShape(layer, tile).Volume / own) - 1;
    }

    private static bool IsSharded(OutputDraft output, Dims tile, Dims chunk) => output.Options.Shard && tile != chunk;

    /// <summary>
    /// The largest tile within the target that still leaves every slot a few: halved from the whole output, always along
    /// the axis whose halving costs the least halo, i.e. the longest. A file of a bounded number of blocks gets larger
    /// tiles, and so do kernels of a wide reach, as far as the budget goes.
    /// </summary>
    private Dims Choose(
        ITileCutter cutter, OutputDraft output, int channels, Func<Dims, long> footprint, long budget, Func<Dims, long> blocks,
        Func<Dims, double> haloShare)
    {
        Dims space = output.Region.Shape;
        Dims tile = cutter.Fit(space);
        long target = Math.Min(FootprintTarget, budget);
        long wanted = 4L * options.WorkerSlots;
        while (true)
        {
            bool isTooFew = tile.Volume * channels > TileElementsMin && new TileGrid(space, tile).Count < wanted;
            if (!isTooFew && footprint(tile) <= target)
                return tile;
            Dims smaller = cutter.Halve(tile);
            bool isCutUp = blocks(smaller) > BlocksMaxOf(output);
            bool isMostlyHalo = !isTooFew && haloShare(smaller) > HaloShareMost;
            if (smaller == tile || ((isCutUp || isMostlyHalo) && footprint(tile) <= budget))
                return tile;
            tile = smaller;
        }
    }

    /// <summary>A layout as far as it says how large an encoded tile is.</summary>
    private static OutputLayout LayoutOf(OutputDraft output, (Dims Tile, Dims Chunk) draft) => new()
    {
        Format = OutputFormats.OfTiles(output.Format),
        Path = "",
        Owner = "",
        Shape = output.Shape,
        Type = output.Type,
        Axes = output.Axes.Axes,
        Tile = draft.Tile,
        Chunk = draft.Chunk,
        IsSharded = IsSharded(output, draft.Tile, draft.Chunk),
        Compression = CompressionNames.Parse(output.Options.Compression)!.Value,
        CompressionLevel = output.Options.Level,
    };

    private static Dims ChunkOf(ConvTransposeLayer layer, OutputDraft output, Dims chunk, Dims tile)
    {
        if (IsTiff(output))
            return TiffTiling.ChunkShape(output.Shape, output.Axes.Axes, output.Type, output.Format == OutputFormats.OmeTiff, chunk);
        if (output.IsPicture)
            return output.Axes.Join(1, layer.OutputChannels, tile);
        long plane = checked(chunk.Volume * output.Type.Size());
        long channels = Math.Clamp((1L << 20) / plane, 1, layer.OutputChannels);
        return output.Axes.Join(1, channels, chunk);
    }

    private static long Tiles(OutputDraft output, Dims tile) =>
        checked(output.Axes.Batch(output.Shape) * new TileGrid(output.Region.Shape, tile).Count);

    /// <summary>Blocks of the one object that an output is, by the tiles' layout; 0 where it is many objects.</summary>
    private static long BlocksOf(OutputLayout layout, OutputDraft output) => output.Format switch
    {
        // Runs of bytes in C order: one per channel of each tile.
        OutputFormats.Npy or OutputFormats.Nifti => checked(layout.Tiles().Count * output.Axes.Channels(output.Shape)),
        OutputFormats.Tiff or OutputFormats.OmeTiff => TiffTiling.Blocks(layout),
        _ => 0,
    };

    private static long BlocksMaxOf(OutputDraft output) => IsTiff(output) ? TiffTiling.BlocksMax : BlocksMax;

    private static bool IsTiff(OutputDraft output) => OutputFormats.IsTiff(output.Format);

    private static long ChunkSide(OutputDraft output)
    {
        int rank = output.Region.Shape.Count;
        return output.Options.Shard ? ShardedChunkSides[rank] : ObjectSide(rank, output.Type);
    }

    private static Dims TiffSides(OutputDraft output) => Dims.Repeat(
        TiffTiling.Side(output.Shape, output.Axes.Axes, output.Type, output.Format == OutputFormats.OmeTiff), 2);

    private static ITileCutter CutterOf(OutputDraft output)
    {
        Dims space = output.Region.Shape;
        bool isExact = output.Options.Chunk is not null;
        return output.Format switch
        {
            OutputFormats.Npy or OutputFormats.Nifti => new RowCutter(space),
            OutputFormats.Tiff or OutputFormats.OmeTiff => new TiffCutter(space, output.Options.Chunk ?? TiffSides(output), isExact),
            _ => new ChunkCutter(space, output.Options.Chunk ?? Dims.Repeat(ChunkSide(output), space.Count), isExact),
        };
    }

    private void CheckMemory(TileDraft draft, long shared, long budget, List<Problem> problems)
    {
        TileFootprint footprint = draft.Footprint;
        long largest = Math.Max(Math.Max(footprint.Input, footprint.Output), Math.Max(footprint.Raw, footprint.Workspace));
        if (largest > int.MaxValue)
        {
            problems.Add(new Problem(
                "tile", $"A tile {draft.Tile} has a buffer of {largest} bytes; at most {int.MaxValue} fit.",
                "use a smaller tile (--tile)"));
        }

        if (footprint.Total <= budget)
            return;
        int held = TileFootprint.TilesHeld(options.WorkerSlots);
        problems.Add(new Problem(
            "tile", $"A tile {draft.Tile} takes {footprint.Total} bytes; "
            + $"a worker with {options.WorkerMemoryBytes} bytes holds {held} tiles "
            + $"and {shared} bytes of weights and chunks of the input, which leaves {Math.Max(0, budget)} bytes for each.",
            "use a smaller tile (--tile), more memory (--memory) or fewer slots (--workers); "
            + ".npy and .nii tiles are whole rows, .zarr tiles need not be"));
    }

    private static void CheckCounts(TileDraft draft, OutputLayout layout, OutputDraft output, List<Problem> problems)
    {
        Dims spatial = output.Axes.Spatial(draft.Tile);
        long tiles = Tiles(output, spatial);
        if (tiles > TilesMax)
            problems.Add(new Problem("tile", $"There would be {tiles} tiles; a job has at most {TilesMax}.", "use a larger tile"));
        long blocks = BlocksOf(layout, output);
        if (blocks > BlocksMaxOf(output))
        {
            problems.Add(new Problem(
                "tile", $"{tiles} tiles of {output.Axes.Channels(output.Shape)} channels make {blocks} blocks; "
                + $"an output in {output.Format} has at most {BlocksMaxOf(output)}.",
                "use a larger tile, or write .zarr"));
        }
    }
}
