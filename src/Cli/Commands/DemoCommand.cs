using System.CommandLine;
using Upweave.Cli.Arrays;
using Upweave.Cli.Demo;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Planning;

namespace Upweave.Cli.Commands;

/// <summary><c>demo</c>: draws a picture and runs the whole job on it.</summary>
internal static class DemoCommand
{
    /// <summary>The folder that belongs to the demo, in the current one.</summary>
    private const string Folder = "upweave-demo";

    public static Command Create(Terminal terminal)
    {
        Command command = new("demo", $"Draw a fractal and enlarge it, in the folder {Folder}");
        Option<string?> size = new("--size") { HelpName = "2048", Description = "Width of the picture in pixels, 16 to 16384" };
        Option<string?> scale = new("--scale") { HelpName = "2", Description = "Factor to enlarge it by, 1 to 8" };
        Option<bool> json = CommonOptions.Json();
        command.Options.Add(size);
        command.Options.Add(scale);
        command.Options.Add(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            OptionReader reader = new(result);
            int width = Bounded(reader, size, 16, 16384) ?? 2048;
            int factor = Bounded(reader, scale, 1, 8) ?? 2;
            Reporter reporter = new(terminal, result.GetValue(json));
            if (reader.Problems.Count > 0)
                return reporter.Refuse(reader.Problems);
            string input = Path.Combine(Folder, "input.png");
            string output = Path.Combine(Folder, "output.png");
            await terminal.Error.WriteLineAsync($"drawing {input}, {width} x {Height(width)} pixels");
            ForgetUnfinished(output);
            await DemoPicture.WriteAsync(input, width, Height(width), cancellationToken);
            IProgressView view = RunCommand.View(terminal, result.GetValue(json));
            JobSpecification specification = Specification(input, output, factor);
            int exitCode = await RunCommand.RunAsync(
                specification, WorkerBounds.Default, ReferenceCatalog.PlainPaths, view, reporter, cancellationToken);
            if (exitCode == ExitCodes.Success && !result.GetValue(json))
                await terminal.Out.WriteLineAsync(NextSteps(input, output));
            return exitCode;
        });
        return command;
    }

    /// <summary>The picture is drawn anew, so a demo that was interrupted cannot go on.</summary>
    private static void ForgetUnfinished(string output)
    {
        string side = JobPaths.Side(output);
        if (Directory.Exists(side))
            Directory.Delete(side, recursive: true);
    }

    /// <summary>As wide as it is in photographs: 3 to 2.</summary>
    private static int Height(int width) => width * 2 / 3;

    private static int? Bounded(OptionReader reader, Option<string?> option, int minimum, int maximum)
    {
        long? value = reader.Number(option, option.Name, OptionReader.Whole, "a whole number");
        if (value is null || (value >= minimum && value <= maximum))
            return (int?)value;
        reader.Problems.Add(new Problem(option.Name, $"{value} must be from {minimum} to {maximum}."));
        return null;
    }

    private static JobSpecification Specification(string input, string output, int factor) => new()
    {
        Version = JobSpecification.CurrentVersion,
        Input = input,
        Output = output,
        Layers = [new LayerSpecification { Preset = "bicubic", Scale = [factor] }],
        Overwrite = true,
    };

    private static string NextSteps(string input, string output) => $"""

        Look at {input} and {output}, then try:
          ./upweave plan {input} {Folder}/4x.tif --preset lanczos3 --scale 4
          ./upweave run {input} {Folder}/2x.zarr --preset bicubic --scale 2
          ./upweave inspect {Folder}/2x.zarr --hash
        """;
}
