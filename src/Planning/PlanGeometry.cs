using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Sequential;
using Upweave.Tiling;

namespace Upweave.Planning;

/// <summary>
/// What a plan means: its layer, its tiles and the boxes behind each. The only reading of a plan, so that coordinator
/// and worker cannot disagree.
/// </summary>
public sealed class PlanGeometry
{
    private readonly JobPlan plan;
    private readonly Dims regionOrigin;

    /// <exception cref="InvalidArrayException">The plan contradicts itself.</exception>
    public PlanGeometry(JobPlan plan)
    {
        this.plan = plan;
        Input = LayoutOf(plan.Input.Axes);
        Output = LayoutOf(plan.Output.Axes);
        CheckAxes();
        Layer = LayerOf(plan.Layers[0]);
        InputType = TypeOf(plan.Input.Dtype);
        OutputType = TypeOf(plan.Output.Dtype);
        Precision = PrecisionNames.Parse(plan.Precision)
            ?? throw new InvalidArrayException($"The plan names an unknown precision '{plan.Precision}'.");
        InputShape = DimsOf(plan.Input.Shape);
        regionOrigin = DimsOf(plan.Output.RegionOrigin);
        Tiles = new TileGrid(DimsOf(plan.Output.Shape), DimsOf(plan.Output.Tile));
        Pyramid = [.. (plan.Output.Pyramid ?? []).Select(level => new PyramidLevel(DimsOf(level.Shape), DimsOf(level.Factors)))];
    }

    public ConvTransposeLayer Layer { get; }

    public ElementType InputType { get; }

    public ElementType OutputType { get; }

    /// <summary>What devices may give away; the processor gives nothing away.</summary>
    public Precision Precision { get; }

    /// <summary>Shape of the input array over all its axes.</summary>
    public Dims InputShape { get; }

    /// <summary>Axes of the input array.</summary>
    public AxisLayout Input { get; }

    /// <summary>Axes of the output array.</summary>
    public AxisLayout Output { get; }

    /// <summary>The tiles of the output array.</summary>
    public TileGrid Tiles { get; }

    /// <summary>The lower resolutions of the output, largest first.</summary>
    public IReadOnlyList<PyramidLevel> Pyramid { get; }

    /// <summary>Tiles of all resolutions.</summary>
    public long TilesOfAllLevels => Tiles.Count + Pyramid.Sum(level => new TileGrid(level.Shape, Tiles.Tile).Count);

    /// <summary>The boxes behind a tile.</summary>
    public TileBoxes Boxes(long tile)
    {
        Box array = Tiles[tile];
        Box spatial = Output.Spatial(array).Translate(regionOrigin);
        Box region = Layer.Geometry.ReadRegion(spatial);
        Box needed = Layer.Border == Border.Replicate
            ? Layer.Geometry.ClampToInput(region)
            : Layer.Geometry.ClipToInput(region);
        long batch = Output.HasBatch ? array.Origin[0] : 0;
        return new TileBoxes(array, spatial, region, needed, Input.Join(batch, Layer.InputChannels, needed));
    }

    /// <summary>The memory of one tile in a worker.</summary>
    /// <param name="readOverheadBytes">What the input's reader takes beside a box: <see cref="IArrayReader.ReadOverheadBytes"/>.</param>
    public TileFootprint Footprint(Func<Dims, long> readOverheadBytes)
    {
        Dims tile = Output.Spatial(Tiles.Tile);
        OutputLayout layout = WriteLayout("");
        return TileFootprint.Of(
            Layer, tile, InputType, OutputType,
            readOverheadBytes(Input.Join(1, Layer.InputChannels, TileFootprint.ReadShape(Layer, tile))),
            ArrayWriters.EncodedBytesMax(layout));
    }

    /// <summary>What is computed of a tile before it is converted.</summary>
    public TileBands Bands() => TileBands.Of(Layer, Output.Spatial(Tiles.Tile), OutputType);

    /// <summary>
    /// The same for a device, which many small calls would keep waiting: the whole tile where memory allows, and never less than the
    /// processor computes at a time.
    /// </summary>
    /// <param name="usual">The memory of one tile with a processor, which there is.</param>
    /// <param name="spareBytes">What a tile may take more; at least 0.</param>
    /// <returns>The bands, and the memory of one tile with them: a device takes no workspace.</returns>
    public (TileBands Bands, TileFootprint Footprint) DeviceBands(TileFootprint usual, long spareBytes)
    {
        Dims tile = Output.Spatial(Tiles.Tile);
        TileBands bands = TileBands.Of(Layer, tile, OutputType, Math.Min(checked(usual.Output + spareBytes), int.MaxValue));
        long output = checked(Layer.OutputChannels * bands.Shape(tile).Volume * sizeof(float));
        return (bands, usual with { Output = output, Workspace = 0 });
    }

    /// <summary>The axes along which a level (1 or more) has half as many elements as the one below.</summary>
    public IReadOnlyList<bool> HalvedAxes(int level)
    {
        Dims factors = Pyramid[level - 1].Factors;
        return [.. factors.Select((factor, axis) => factor > (level == 1 ? 1 : Pyramid[level - 2].Factors[axis]))];
    }

    /// <summary>
    /// The memory of one tile of a level (1 or more) in a worker that reads the level below by this reader, which is the tile's own.
    /// </summary>
    public TileFootprint PyramidFootprint(int level, IArrayReader below) =>
        TileFootprint.OfPyramid(LevelLayout("", level), HalvedAxes(level), box => below.ReadOverheadBytes(box) + below.KeptBytes);

    /// <summary>Where tiles are written, at <paramref name="path"/> or in the scratch of a picture.</summary>
    public OutputLayout WriteLayout(string path) => new()
    {
        Format = OutputFormats.OfTiles(plan.Output.Format),
        Path = plan.Output.IsPicture ? JobPaths.ScratchOutput(path, plan.Hash) : path,
        Owner = plan.Hash,
        Shape = Tiles.Shape,
        Type = OutputType,
        Axes = plan.Output.Axes,
        Tile = Tiles.Tile,
        Chunk = DimsOf(plan.Output.Chunk),
        IsSharded = plan.Output.IsSharded,
        Compression = CompressionNames.Parse(plan.Output.Compression)
            ?? throw new InvalidArrayException($"The plan names an unknown compression '{plan.Output.Compression}'."),
        CompressionLevel = plan.Output.CompressionLevel,
        Pyramid = Pyramid,
        Space = PlannedSpaces.Read(plan.Output.Space),
        Provenance = Provenance.Of(plan),
    };

    /// <summary>Where the tiles of a resolution are written; 0 is the full one.</summary>
    public OutputLayout LevelLayout(string path, int level) => WriteLayout(path).OfLevel(level);

    /// <summary>Where a file that is read from its beginning to its end is ingested to.</summary>
    public OutputLayout IngestLayout(string path) => SequentialFiles.ScratchLayout(
        plan.Input.Reference, InputShape, InputType, plan.Input.Axes, JobPaths.ScratchInput(path, plan.Hash), plan.Hash);

    /// <summary>A plan lies in a store, where others can write.</summary>
    private void CheckAxes()
    {
        PlannedLayer layer = plan.Layers[0];
        IReadOnlyList<long>[] spatial =
        [
            layer.Input, layer.Kernel, layer.Strides, layer.PadsBegin, layer.PadsEnd, layer.OutputPadding, layer.Dilations,
            plan.Output.RegionOrigin,
        ];
        IReadOnlyList<long>[] whole = [plan.Output.Shape, plan.Output.Tile, plan.Output.Chunk];
        if (spatial.Any(list => list.Count != Output.SpatialRank || list.Count != Input.SpatialRank)
            || whole.Any(list => list.Count != plan.Output.Axes.Length) || plan.Input.Shape.Count != plan.Input.Axes.Length)
        {
            throw new InvalidArrayException("The plan's shapes have different numbers of axes.");
        }
    }

    private static ConvTransposeLayer LayerOf(PlannedLayer layer)
    {
        if (layer.Algorithm is not (AlgorithmNames.Direct or AlgorithmNames.Minimal))
            throw new InvalidArrayException($"The plan names an unknown algorithm '{layer.Algorithm}'.");
        return AlgorithmNames.Apply(layer.Algorithm, DirectLayerOf(layer))
            ?? throw new InvalidArrayException($"The plan names the algorithm '{layer.Algorithm}' for a layer that has none of it.");
    }

    private static ConvTransposeLayer DirectLayerOf(PlannedLayer layer) => new()
    {
        InputChannels = layer.InputChannels,
        OutputChannels = layer.OutputChannels,
        Groups = layer.Group,
        Border = BorderNames.Read(layer.Border),
        Activation = ActivationNames.Read(layer.Activation),
        Geometry = new ConvTransposeGeometry
        {
            Input = DimsOf(layer.Input),
            Kernel = DimsOf(layer.Kernel),
            Strides = DimsOf(layer.Strides),
            PadsBegin = DimsOf(layer.PadsBegin),
            PadsEnd = DimsOf(layer.PadsEnd),
            OutputPadding = DimsOf(layer.OutputPadding),
            Dilations = DimsOf(layer.Dilations),
        },
    };

    private static AxisLayout LayoutOf(string axes) =>
        new(axes.Contains('n', StringComparison.Ordinal), axes.Contains('c', StringComparison.Ordinal), axes.Count("zyx".Contains));

    private static ElementType TypeOf(string name) =>
        ElementTypes.Parse(name) ?? throw new InvalidArrayException($"The plan names an unknown element type '{name}'.");

    private static Dims DimsOf(IReadOnlyList<long> values) => Dims.Create([.. values]);
}
