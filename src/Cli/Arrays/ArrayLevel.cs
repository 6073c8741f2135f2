using Upweave.Storage.Arrays;

namespace Upweave.Cli.Arrays;

/// <summary>One of several resolutions of an image.</summary>
/// <param name="Path">Below the image.</param>
/// <param name="Info">Null where it cannot be opened.</param>
/// <param name="Problem">Why not.</param>
internal sealed record ArrayLevel(string Path, ArrayInfo? Info, string? Problem);
