using Upweave.Contracts;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
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
    /// Side of a chunk by spatial rank: 2^18 elements, and 2^20 of one byte in a plane, since a blob service takes as long for a
    /// small object as for a large one.
    /// </summary>
    private static long ChunkSide(int spatialRank, ElementType type) =>
        spatialRank == 2 && type.Size() == 1 ? 1024 : ChunkSides[spatialRank];

    private static readonly long[] ChunkSides = [0, 1 << 18, 512, 64];

    /// <summary>What can be said of a tile while nobody knows how many axes it should have.</summary>
    public static void CheckNumbers(IReadOnlyList<long>? asked, List<Problem> problems) =>
        AxisVector.Read("tile", asked, asked?.Count ?? 1, missing: 1, minimum: 1, problems);

    /// <returns>Null when a problem was added.</returns>
    public TileDraft? Plan(
        ConvTransposeLayer layer, InputReading input, OutputDraft output, IReadOnlyList<long>? asked, List<Problem> problems)
    {
        int before = problems.Count;
        Dims space = output.Region.Shape;
        Dims? fixedTile = asked is null ? null : AxisVector.Read("tile", asked, space.Count, missing: 1, minimum: 1, problems);
        if (problems.Count > before)
            return null;
        ITileCutter cutter = OutputFormats.IsLinear(output.Format)
            ? new RowCutter(space)
            : new ChunkCutter(space, ChunkSide(space.Count, output.Type));
        OutputFormat format = OutputFormats.OfTiles(output.Format);
        (Dims Tile, Dims Chunk) Draft(Dims tile) =>
            (output.Axes.Join(1, layer.OutputChannels, tile), ChunkOf(layer, output, cutter.Chunk(tile), tile));
        TileFootprint Footprint(Dims tile) => TileFootprint.Of(
            layer, tile, input.Type, output.Type,
            input.OverheadBytes(input.Axes.Join(1, layer.InputChannels, TileFootprint.ReadShape(layer, tile))),
            ArrayWriters.EncodedBytesMax(LayoutOf(format, output, Draft(tile))));

        long shared = checked(KernelSelector.PackedBytes(layer) + input.KeptBytes);
        long budget = (options.WorkerMemoryBytes - shared) / TileFootprint.TilesHeld(options.WorkerSlots);
        Dims spatial = fixedTile is not null
            ? cutter.Fit(fixedTile.Value)
            : Choose(cutter, output, layer.OutputChannels, tile => Footprint(tile).Total, budget);
        (Dims whole, Dims chunk) = Draft(spatial);
        TileDraft draft = new(whole, chunk, Footprint(spatial));
        CheckMemory(draft, shared, budget, problems);
        if (fixedTile is not null || problems.Count == before)
            CheckCounts(draft, layer, output, problems); // else there are many tiles only because none fits the budget
        return problems.Count > before ? null : draft;
    }

    /// <summary>
    /// The largest tile within the target that still leaves every slot a few: halved from the whole output, always along
    /// the axis whose halving costs the least halo, i.e. the longest. A file of a bounded number of blocks gets larger
    /// tiles, as far as the budget goes.
    /// </summary>
    private Dims Choose(ITileCutter cutter, OutputDraft output, int channels, Func<Dims, long> footprint, long budget)
    {
        Dims space = output.Region.Shape;
        Dims tile = cutter.Fit(space);
        long target = Math.Min(FootprintTarget, budget);
        long wanted = 4L * options.WorkerSlots;
        while (footprint(tile) > target || (tile.Volume * channels > TileElementsMin && new TileGrid(space, tile).Count < wanted))
        {
            Dims smaller = cutter.Halve(tile);
            bool isCutUp = OutputFormats.IsLinear(output.Format) && Blocks(output, channels, smaller) > BlocksMax
                && footprint(tile) <= budget;
            if (smaller == tile || isCutUp)
                break;
            tile = smaller;
        }

        return tile;
    }

    /// <summary>A layout as far as it says how large an encoded tile is.</summary>
    private static OutputLayout LayoutOf(OutputFormat format, OutputDraft output, (Dims Tile, Dims Chunk) draft) => new()
    {
        Format = format,
        Path = "",
        Owner = "",
        Shape = output.Shape,
        Type = output.Type,
        Tile = draft.Tile,
        Chunk = draft.Chunk,
        Compress = !output.IsPicture,
    };

    private static Dims ChunkOf(ConvTransposeLayer layer, OutputDraft output, Dims chunk, Dims tile)
    {
        if (output.IsPicture)
            return output.Axes.Join(1, layer.OutputChannels, tile);
        long plane = checked(chunk.Volume * output.Type.Size());
        long channels = Math.Clamp((1L << 20) / plane, 1, layer.OutputChannels);
        return output.Axes.Join(1, channels, chunk);
    }

    private static long Tiles(OutputDraft output, Dims tile) =>
        checked(output.Axes.Batch(output.Shape) * new TileGrid(output.Region.Shape, tile).Count);

    /// <summary>Runs of bytes in C order: one per channel of each tile.</summary>
    private static long Blocks(OutputDraft output, int channels, Dims tile) => checked(Tiles(output, tile) * channels);

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

    private static void CheckCounts(TileDraft draft, ConvTransposeLayer layer, OutputDraft output, List<Problem> problems)
    {
        Dims spatial = output.Axes.Spatial(draft.Tile);
        long tiles = Tiles(output, spatial);
        if (tiles > TilesMax)
            problems.Add(new Problem("tile", $"There would be {tiles} tiles; a job has at most {TilesMax}.", "use a larger tile"));
        long blocks = Blocks(output, layer.OutputChannels, spatial);
        if (OutputFormats.IsLinear(output.Format) && blocks > BlocksMax)
        {
            problems.Add(new Problem(
                "tile", $"{tiles} tiles of {layer.OutputChannels} channels make {blocks} blocks; one file has at most {BlocksMax}.",
                "use a larger tile, or write .zarr"));
        }
    }
}
