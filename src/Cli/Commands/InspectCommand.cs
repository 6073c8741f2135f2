using System.CommandLine;
using Upweave.Cli.Arrays;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Tiling;

namespace Upweave.Cli.Commands;

/// <summary><c>inspect</c>: what an array or picture says of itself, and the hash of its elements.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("inspect", "Show an array's or picture's shape, type, chunks and codecs");
        Argument<string?> reference = CommonOptions.Reference(
            "ARRAY", ".npy, .npz#name, .nii, .nii.gz, .zarr, .tif, .tif#level or another picture", ArgumentArity.ExactlyOne);
        Option<string?> preview = new("--preview")
        {
            HelpName = "out.png",
            Description = "Write a small picture of it; of a volume, its three middle planes",
        };
        Option<bool> hash = new("--hash") { Description = "SHA-256 of the elements: little-endian, C order" };
        SettingsOptions settings = new SettingsOptions().AddStoresTo(command);
        Option<bool> json = CommonOptions.Json();
        command.Arguments.Add(reference);
        command.Options.Add(hash);
        command.Options.Add(preview);
        command.Options.Add(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            string path = result.GetRequiredValue(reference)!;
            ReferenceCatalog stores = settings.ReadStores(result);
            ArrayInfo info = await ArrayAccess.DescribeAsync(stores, path, cancellationToken);
            IReadOnlyList<ArrayLevel> levels = await ArrayLevels.ReadAsync(stores, path, info, cancellationToken);
            string? sha256 = result.GetValue(hash) ? await ArrayAccess.HashAsync(stores, path, cancellationToken) : null;
            string? picture = result.GetValue(preview);
            if (picture is not null)
                await PreviewFile.WriteAsync(stores, path, levels, picture, cancellationToken);
            object document = new
            {
                Array = path,
                info.Format,
                Shape = info.Shape.ToArray(),
                info.Axes,
                Dtype = info.Type.Name(),
                Chunk = info.Chunk?.ToArray(),
                Order = info.FortranOrder ? "F" : "C",
                info.Codecs,
                Space = info.Space is { } space ? new { space.Axes, space.Scale, space.Translation, space.Units } : null,
                Levels = levels.Select(level => new
                {
                    level.Path,
                    Shape = level.Shape?.ToArray(),
                    Scale = level.ScaleFrom(info.Shape),
                    level.Problem,
                }),
                Bytes = info.ByteCount,
                Sha256 = sha256,
                Preview = picture,
            };
            Report report = Describe(path, info, levels, sha256).Row("preview", picture);
            return new Reporter(terminal, result.GetValue(json)).Succeed(document, report);
        });
        return command;
    }

    private static Report Describe(string path, ArrayInfo info, IReadOnlyList<ArrayLevel> levels, string? sha256) => new Report()
        .Row("array", path)
        .Row("format", info.Format)
        .Row("shape", Units.Shape(info.Shape))
        .Row("axes", info.Axes)
        .Row("dtype", info.Type.Name())
        .Row("order", info.FortranOrder ? "Fortran (first axis fastest)" : null)
        .Row("chunks", info.Chunk is Dims chunk ? $"{Units.Shape(chunk)}  ({Units.Count(new TileGrid(info.Shape, chunk).Count)})" : null)
        .Row("codecs", info.Codecs.Count > 0 ? string.Join(", ", info.Codecs) : null)
        .Row("spacing", info.Space is { } space ? Units.Spacing(space) : null)
        .Row("levels", levels.Count > 0 ? string.Join(", ", levels.Select(level => Describe(level, info.Shape))) : null)
        .Row("size", $"{Units.Bytes(info.ByteCount)}, uncompressed")
        .Row("sha256", sha256);

    /// <summary>Below the full resolution with its scale: <c>#1 3 x 512 x 512 (scale 1 x 2 x 2)</c>.</summary>
    private static string Describe(ArrayLevel level, Dims full)
    {
        if (level.Shape is not { } shape)
            return $"{level.Path} ({level.Problem})";
        string scale = level.ScaleFrom(full) is { } factors && factors.Any(factor => factor != 1)
            ? $" (scale {string.Join(" x ", factors.Select(Units.Digits))})"
            : "";
        return $"{level.Path} {Units.Shape(shape)}{scale}";
    }
}
