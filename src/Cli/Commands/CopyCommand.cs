using System.CommandLine;
using System.Diagnostics;
using Upweave.Cli.Arrays;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Storage;
using Upweave.Storage.Arrays;

namespace Upweave.Cli.Commands;

/// <summary><c>copy</c>: from one format to another, elements and type as they are.</summary>
internal static class CopyCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new(
            "copy", "Copy an array or picture, elements as they are; .npz, and a picture or NIfTI to its own format, byte for byte");
        Argument<string?> source = CommonOptions.Reference("SRC", "Array or picture to read", ArgumentArity.ExactlyOne);
        Argument<string?> destination = CommonOptions.Reference(
            "DST", "Where it goes, a path or STORE/PATH of a --store; the extension chooses the format", ArgumentArity.ExactlyOne);
        Option<string?> format = new("--format")
        {
            HelpName = "F",
            Description = "Options of DST's format, e.g. compression=gzip,level=5,chunk=64x128x128",
        };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace DST if it exists" };
        SettingsOptions settings = new SettingsOptions().AddStoresTo(command);
        Option<bool> json = CommonOptions.Json();
        command.Arguments.Add(source);
        command.Arguments.Add(destination);
        command.Options.Add(format);
        command.Options.Add(overwrite);
        command.Options.Add(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            string path = result.GetRequiredValue(destination)!;
            long started = Stopwatch.GetTimestamp();
            CopyResult copied = await ArrayCopy.RunAsync(
                settings.ReadStores(result), result.GetRequiredValue(source)!, path, result.GetValue(format), result.GetValue(overwrite),
                cancellationToken);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            object document = new
            {
                Output = path,
                Shape = copied.Info?.Shape.ToArray(),
                Dtype = copied.Info?.Type.Name(),
                copied.Bytes,
                Seconds = elapsed.TotalSeconds,
            };
            Report report = new Report()
                .Row("output", path)
                .Row("shape", copied.Info is ArrayInfo info ? $"{Units.Shape(info.Shape)}  {info.Type.Name()}" : null)
                .Row("time", $"{Units.Duration(elapsed)}  {Units.Rate(copied.Bytes / elapsed.TotalSeconds)}");
            return new Reporter(terminal, result.GetValue(json)).Succeed(document, report);
        });
        return command;
    }
}
