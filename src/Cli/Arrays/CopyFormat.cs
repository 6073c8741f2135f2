using Upweave.Cli.Options;
using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Cli.Arrays;

/// <summary>The format of a copy: named by the destination's ending, with the options that were given.</summary>
internal sealed record CopyFormat(string Name, FormatSpecification? Asked)
{
    /// <param name="options">What <see cref="FormatText"/> understands; null: none.</param>
    /// <exception cref="InvalidArrayException">The ending names no format, or the options are not understood.</exception>
    public static CopyFormat Of(string path, string? options)
    {
        FormatSpecification? asked = options is null ? null : FormatText.Parse(options)
            ?? throw new InvalidArrayException($"--format '{options}' cannot be read.", "give " + FormatText.Expected);
        string name = OutputFormats.OfPath(path, asked?.ZarrFormat) ?? throw new InvalidArrayException(
            $"The extension '{Path.GetExtension(path)}' of {path} names no format that can be written.", OutputFormats.HintFor(path));
        return new CopyFormat(name, asked);
    }

    /// <summary>What tiles are written in.</summary>
    public OutputFormat OfTiles => OutputFormats.OfTiles(Name);

    /// <exception cref="InvalidArrayException">The format has not these options.</exception>
    public LayoutOptions OptionsFor(ArrayInfo info)
    {
        List<Problem> problems = [];
        Dims space = info.Shape.From(info.Shape.Count - CopyLayout.SpatialRank(info));
        FormatDraft? draft = FormatPlanner.Plan(Asked, Name, space, info.Type, problems);
        if (draft?.Pyramid == true)
        {
            problems.Add(new Problem(
                "format.pyramid", "A copy has one resolution.", "use upweave run --preset nearest --scale 1 --format pyramid"));
        }

        if (problems is [Problem first, ..])
            throw new InvalidArrayException($"{first.Field}: {first.Message}", first.Hint);
        return new LayoutOptions(CompressionNames.Parse(draft!.Compression), draft.Level, draft.Chunk, draft.Shard);
    }
}
