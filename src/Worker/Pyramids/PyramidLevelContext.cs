using Upweave.Contracts.Plans;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;
using Upweave.Tiling;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Pyramids;

/// <summary>A level of a pyramid while a worker computes a run of its tiles: the level below, open, and the output.</summary>
public sealed class PyramidLevelContext : IAsyncDisposable
{
    private PyramidLevelContext(PlanGeometry geometry, int level, IArrayReader below, IArrayWriter writer)
    {
        Geometry = geometry;
        Below = below;
        Writer = writer;
        Halved = geometry.HalvedAxes(level);
        Tiles = writer.Layout.Tiles();
        Footprint = geometry.PyramidFootprint(level, below);
    }

    public PlanGeometry Geometry { get; }

    /// <summary>The next larger resolution.</summary>
    public IArrayReader Below { get; }

    public IArrayWriter Writer { get; }

    /// <summary>The axes along which this level has half as many elements.</summary>
    public IReadOnlyList<bool> Halved { get; }

    public TileGrid Tiles { get; }

    /// <summary>Memory of one tile.</summary>
    public TileFootprint Footprint { get; }

    /// <param name="output">Where the job's output goes.</param>
    /// <param name="level">1 or more.</param>
    /// <exception cref="InvalidArrayException">There is no such level.</exception>
    /// <exception cref="WorkerMemoryException">This worker has too little memory for it.</exception>
    public static async Task<PyramidLevelContext> OpenAsync(
        WorkerOptions options, JobPlan plan, StoreLocation output, int level, CancellationToken cancellationToken)
    {
        PlanGeometry geometry = new(plan);
        if (level < 1 || level > geometry.Pyramid.Count)
            throw new InvalidArrayException($"The plan of {plan.Output.Reference} has no level {level}.");
        IArrayReader reader = await ArrayReaders.OpenLevelAsync(
            output.Store, geometry.LevelLayout(output.Path, level - 1), cancellationToken);
        int held = TileFootprint.TilesHeld(options.Slots);
        long needed = checked(geometry.PyramidFootprint(level, reader).Total * held);
        if (needed > options.MemoryBytes)
        {
            await reader.DisposeAsync();
            throw new WorkerMemoryException($"Level {level} of {plan.Output.Reference}", needed, held, options);
        }

        return new PyramidLevelContext(
            geometry, level, reader, ArrayWriters.Create(output.Store, geometry.LevelLayout(output.Path, level)));
    }

    /// <summary>The elements of the level below that a box of this one stands for.</summary>
    public Box BoxBelow(Box box)
    {
        Dims whole = Below.Info.Shape;
        Dims origin = Dims.Build(box.Rank, axis => Halved[axis] ? 2 * box.Origin[axis] : box.Origin[axis]);
        return new Box(origin, Dims.Build(box.Rank, axis =>
            Math.Min(Halved[axis] ? 2 * box.Shape[axis] : box.Shape[axis], whole[axis] - origin[axis])));
    }

    public ValueTask DisposeAsync() => Below.DisposeAsync();
}
