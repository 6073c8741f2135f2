using System.CommandLine;
using Upweave.Cli.Commands;

namespace Upweave.Cli.Options;

/// <summary>The arguments that <c>run</c> and <c>plan</c> share.</summary>
internal sealed class JobOptions
{
    public Argument<string?> Input { get; } = CommonOptions.Reference(
        "INPUT", "Array or picture to read: .npy, .npz#name, .zarr, .nii, .nii.gz, .png, .jpg, .tif", ArgumentArity.ZeroOrOne);

    public Argument<string?> Output { get; } = CommonOptions.Reference(
        "OUTPUT", "Where the result goes; the extension chooses the format: .npy, .nii, .zarr, .ome.zarr, .tif, .ome.tif, .png, .jpg",
        ArgumentArity.ZeroOrOne);

    public Option<string?> Job { get; } = Text("--job", "job.json", "Take the whole job from a JSON file instead");

    public Option<string?> Preset { get; } = Text("--preset", "P", "Interpolation: nearest, linear, bicubic or lanczos3");

    public Option<string?> Scale { get; } = Text("--scale", "2 | 2,2", "Integer factor of the preset, for all axes or for each");

    public Option<string?> Weights { get; } = Text(
        "--weights", "W", "Weights [Cin, Cout/group, k...]: .npy, .npz#name, .safetensors#name, .onnx#node");

    public Option<string?> Bias { get; } = Text("--bias", "B", "One number per output channel, in an .npy or .npz#name");

    public Option<string?> Strides { get; } = Text("--strides", "2,2", "Stride per spatial axis [default: 1]");

    public Option<string?> Pads { get; } = Text("--pads", "1,1,1,1", "All begins, then all ends; --pads=-1,0,0,0 extends [default: 0]");

    public Option<string?> OutputPadding { get; } = Text("--output-padding", "0,0", "Added at the end of each axis [default: 0]");

    public Option<string?> Dilations { get; } = Text("--dilations", "1,1", "Distance between taps [default: 1]");

    public Option<string?> Group { get; } = Text("--group", "N", "Groups of channels [default: 1]");

    public Option<string?> AutoPad { get; } = Text("--auto-pad", "MODE", "NOTSET, SAME_UPPER, SAME_LOWER or VALID [default: NOTSET]");

    public Option<string?> OutputShape { get; } = Text("--output-shape", "H,W", "Spatial extents to pad for");

    public Option<string?> Activation { get; } = Text(
        "--activation", "A", "relu, leaky_relu:0.1, prelu:up.npz#a (one slope per output channel, or one), clip:0,1, sigmoid or tanh");

    public Option<string?> Border { get; } = Text("--border", "B", "zero or replicate [default: replicate for presets, else zero]");

    public Option<string?> Dtype { get; } = Text("--dtype", "T", "Type of the output [default: the input's for presets, else float32]");

    public Option<string?> Tile { get; } = Text("--tile", "512,512", "Tile of the output [default: chosen by the planner]");

    public Option<string?> Region { get; } = Text("--region", "0:512,100:300", "Compute only this part of the output");

    public Option<string?> Algorithm { get; } = Text(
        "--algorithm", "A", "auto, direct, or minimal where a layer has it: other bits, faster [default: auto]");

    public Option<string?> Precision { get; } = Text(
        "--precision", "P", "exact, or what a GPU's matrix units may round inputs and weights to: tf32, fp16 or bf16 [default: exact]");

    public Option<string?> Format { get; } = Text(
        "--format", "F", "Options of the output's format, e.g. pyramid,compression=gzip,level=5,chunk=64x128x128");

    public Option<string?> Priority { get; } = Text(
        "--priority", "N", "Share of the workers, from -100 to 100: N + 1 times that of 0 [default: 0]");

    public Option<string?> Workers { get; } = Text("--workers", "N", "Tiles computed at the same time [default: one per core]");

    public Option<string?> Memory { get; } = Text("--memory", "2GiB", "Memory for tiles and weights [default: 2GiB]");

    public Option<string?> Device { get; } = Text(
        "--device", "D", "auto, cpu, gpu or gpu:N (see 'upweave devices') [default: auto: a GPU where there is one]");

    public Option<bool> Overwrite { get; } = new("--overwrite") { Description = "Replace an output that exists" };

    /// <summary>The options that describe a job and so cannot be mixed with <see cref="Job"/>.</summary>
    public IReadOnlyList<Option<string?>> OfSpecification =>
    [
        Preset, Scale, Weights, Bias, Strides, Pads, OutputPadding, Dilations, Group, AutoPad, OutputShape, Activation,
        Border, Dtype, Tile, Region, Algorithm, Precision, Format, Priority,
    ];

    /// <summary>What was given of the description of a job, by name.</summary>
    public IEnumerable<string> NamesBesideJob(ParseResult result) => ((IEnumerable<Argument<string?>>)[Input, Output])
        .Where(argument => result.GetValue(argument) is not null).Select(argument => argument.Name)
        .Concat(OfSpecification.Where(option => result.GetValue(option) is not null).Select(option => option.Name));

    /// <summary>Declares everything on a command that runs jobs in this process.</summary>
    public void AddTo(Command command)
    {
        AddSpecificationTo(command);
        command.Options.Add(Workers);
        command.Options.Add(Memory);
        command.Options.Add(Device);
    }

    /// <summary>Declares what describes a job.</summary>
    public void AddSpecificationTo(Command command)
    {
        command.Arguments.Add(Input);
        command.Arguments.Add(Output);
        foreach (Option option in (IEnumerable<Option>)[.. OfSpecification, Overwrite, Job])
        {
            command.Options.Add(option);
        }
    }

    private static Option<string?> Text(string name, string placeholder, string description) =>
        new(name) { HelpName = placeholder, Description = description };
}
