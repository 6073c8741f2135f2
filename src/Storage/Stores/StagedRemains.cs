namespace Upweave.Storage.Stores;

/// <summary>Blocks of a file of which nothing is published.</summary>
/// <param name="Path">Of the file, in the store.</param>
/// <param name="Owner">The plan that staged them.</param>
/// <param name="Blocks">At least 1.</param>
/// <param name="Bytes">Of all of them.</param>
public sealed record StagedRemains(string Path, string Owner, long Blocks, long Bytes);
