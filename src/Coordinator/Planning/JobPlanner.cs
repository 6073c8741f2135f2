using Microsoft.Extensions.Options;
using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Kernels;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Turns a specification into a plan; reads headers and weights, writes nothing.</summary>
public sealed class JobPlanner(IStoreCatalog stores, IOptions<CoordinatorOptions> options)
{
    /// <summary>Output bytes that one message should ask for: less makes the broker work, more makes tiles wait for each other.</summary>
    private const long RunBytes = 8L << 20;

    /// <summary>Work that one message should ask for at most: about a second on a core of today, so that a worker stops promptly.</summary>
    private const double RunFlops = 2e10;

    /// <summary>Runs that each slot of the fleet should get, so that all end at about the same time.</summary>
    private const int RunsPerSlot = 8;

    private const int TilesPerRunMax = 64;

    private static readonly string Software = $"Upweave {typeof(JobPlanner).Assembly.GetName().Version!.ToString(3)}";

    private readonly SourceOpener sources = new(stores);

    /// <summary>Validates everything and plans; all that is wrong is said at once.</summary>
    public async Task<PlanResult> PlanAsync(JobSpecification specification, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        try
        {
            JobPlan? plan = await PlanAsync(specification, problems, cancellationToken);
            return new PlanResult(problems.Count > 0 ? null : plan, problems);
        }
        catch (OverflowException)
        {
            problems.Add(new Problem(
                "", "The numbers of the layer make sizes that do not fit in 64 bits.", "use smaller strides, dilations or pads"));
            return new PlanResult(null, problems);
        }
    }

    /// <summary>Whether workers as they are now can carry out a plan that was made before.</summary>
    /// <param name="source">The plan's input.</param>
    /// <param name="startOver">How to plan anew.</param>
    /// <returns>Null when they can.</returns>
    public Problem? CheckMemory(JobPlan plan, SourceArray source, string startOver)
    {
        PlanMemory needed = PlanMemory.Of(
            new PlanGeometry(plan), options.Value.WorkerSlots, source.KeptBytes, source.ReadOverheadBytes);
        return needed.Total <= options.Value.WorkerMemoryBytes ? null : new Problem(
            "tile", $"The plan of the interrupted run takes {needed.Total} bytes with {needed.TilesHeld} tiles at a time; a worker has "
            + $"{options.Value.WorkerMemoryBytes}.",
            "give more memory (--memory, or Upweave__Worker__Memory) or fewer slots (--workers, or Upweave__Worker__Slots), "
            + $"or {startOver}");
    }

    private async Task<JobPlan?> PlanAsync(
        JobSpecification specification, List<Problem> problems, CancellationToken cancellationToken)
    {
        SpecificationRules.Check(specification, problems);
        SourceArray? source = string.IsNullOrWhiteSpace(specification.Input)
            ? null
            : await sources.OpenInputAsync(specification.Input, identity: null, problems, cancellationToken);
        LayerDraft? layer = specification.Layers is [LayerSpecification first, ..]
            ? await new LayerPlanner(sources).PlanAsync(first, "layers[0]", specification.Algorithm, source, problems, cancellationToken)
            : null;
        OutputDraft? output = string.IsNullOrWhiteSpace(specification.Output)
            ? null
            : await new OutputPlanner(stores).PlanAsync(specification, source, layer, problems, cancellationToken);
        TileDraft? tiles = null;
        if (layer is null || output is null)
        {
            TilePlanner.CheckNumbers(specification.Tile, problems);
        }
        else
        {
            InputReading reading = new(source!.Info.Type, layer.Input, source.KeptBytes, source.ReadOverheadBytes);
            tiles = new TilePlanner(options.Value).Plan(layer.Layer, reading, output, specification.Tile, problems);
        }

        if (problems.Count > 0 || tiles is null)
            return null;
        JobPlan plan = Assemble(specification, source!, layer!, output!, tiles);
        PictureMemory.Check(plan, source!.Sequential, options.Value.WorkerMemoryBytes, problems);
        return plan;
    }

    private JobPlan Assemble(
        JobSpecification specification, SourceArray source, LayerDraft layer, OutputDraft output, TileDraft tiles)
    {
        PlannedSpace? space = OutputSpace.Of(
            SpaceOf(source.Info, layer.Input, output.Format), layer.Layer.Geometry, output.Region.Origin);
        PlanPrediction prediction = Predictor.Predict(layer.Layer, source.Info.Type, output, tiles) with { KeptBytes = source.KeptBytes };
        JobPlan plan = new()
        {
            Version = JobPlan.CurrentVersion,
            Hash = "",
            SpecificationHash = ContractJson.Hash(specification),
            Specification = specification,
            Input = new PlannedInput
            {
                Reference = source.Reference,
                Format = source.Info.Format,
                Identity = source.Identity,
                Shape = source.Info.Shape.ToArray(),
                Dtype = source.Info.Type.Name(),
                Axes = layer.Input.Axes,
                IsPicture = source.Sequential is not null,
            },
            Output = new PlannedOutput
            {
                Reference = specification.Output!,
                Format = output.Format,
                IsPicture = output.IsPicture,
                Shape = output.Shape.ToArray(),
                Dtype = output.Type.Name(),
                Axes = output.Axes.Axes,
                RegionOrigin = output.Region.Origin.ToArray(),
                Tile = tiles.Tile.ToArray(),
                Chunk = tiles.Chunk.ToArray(),
                IsSharded = tiles.IsSharded,
                Compression = output.Options.Compression,
                CompressionLevel = output.Options.Level,
                Pyramid = output.Options.Pyramid ? PyramidPlanner.Plan(output.Shape, output.Axes, space, tiles.Chunk) : null,
                Space = space,
                Replaces = output.Replaces,
            },
            Layers = [layer.Planned],
            Software = Software,
            Arithmetic = DirectArithmetic.ArithmeticVersion,
            Precision = specification.Precision ?? PrecisionNames.Exact,
            TilesPerRun = TilesPerRun(prediction),
            Prediction = prediction,
        };
        return plan with { Hash = ContractJson.Hash(plan) };
    }

    /// <summary>OME-Zarr has a scale in any case: where the input has none, its elements are 1 apart.</summary>
    private static ArraySpace? SpaceOf(ArrayInfo input, AxisLayout axes, string format)
    {
        if (input.Space is not null || !OutputFormats.IsOme(format))
            return input.Space;
        int rank = axes.SpatialRank;
        return ArraySpace.Of(axes.Axes[^rank..], [.. Enumerable.Repeat(1.0, rank)], new double[rank]);
    }

    private int TilesPerRun(PlanPrediction prediction)
    {
        long tileBytes = Math.Max(1, prediction.BytesWritten / prediction.Tiles);
        double tileFlops = Math.Max(1, prediction.Flops / prediction.Tiles);
        long fair = Math.Max(1, prediction.Tiles / ((long)RunsPerSlot * (options.Value.FleetSlots ?? options.Value.WorkerSlots)));
        long small = Math.Min(RunBytes / tileBytes, (long)(RunFlops / tileFlops));
        return (int)Math.Clamp(small, 1, Math.Min(TilesPerRunMax, fair));
    }
}
