namespace Upweave.Storage.Arrays;

/// <summary>Writes one resolution of an OME-Zarr, from which the next lower one is made before anything is published.</summary>
public interface ILevelWriter : IArrayWriter
{
    /// <summary>Where this resolution can be read once it is complete.</summary>
    string LevelPath { get; }

    /// <summary>
    /// Makes this resolution, whose tiles are all done, an array. The group is not there before <see cref="IArrayWriter.CommitAsync"/>.
    /// </summary>
    ValueTask CompleteLevelAsync(CancellationToken cancellationToken);
}
