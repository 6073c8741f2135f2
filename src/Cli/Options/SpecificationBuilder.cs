using System.CommandLine;
using Upweave.Contracts;
using Upweave.Contracts.Specification;

namespace Upweave.Cli.Options;

/// <summary>Turns the options of <c>run</c> and <c>plan</c> into the specification of a job.</summary>
internal static class SpecificationBuilder
{
    /// <summary>What the options say; what cannot be read is left out and becomes a problem.</summary>
    public static JobSpecification Build(JobOptions options, ParseResult result, OptionReader reader) => new()
    {
        Version = JobSpecification.CurrentVersion,
        Input = Required(result.GetValue(options.Input), "input", "INPUT", reader.Problems),
        Output = Required(result.GetValue(options.Output), "output", "OUTPUT", reader.Problems),
        Layers = [Layer(options, reader)],
        Dtype = reader.Text(options.Dtype),
        Tile = reader.Numbers(options.Tile, "tile"),
        Region = reader.Parsed(options.Region, "region", RegionText.Parse, RegionText.Expected),
        Algorithm = reader.Text(options.Algorithm),
        Precision = reader.Text(options.Precision),
        Format = reader.Parsed(options.Format, "format", FormatText.Parse, FormatText.Expected),
        Priority = (int?)reader.Number(
            options.Priority, "priority", text => int.TryParse(text, out int number) ? number : null, "a whole number"),
        Overwrite = result.GetValue(options.Overwrite) ? true : null,
    };

    private static LayerSpecification Layer(JobOptions options, OptionReader reader) => new()
    {
        Weights = reader.Text(options.Weights),
        Bias = reader.Text(options.Bias),
        Preset = reader.Text(options.Preset),
        Scale = reader.Numbers(options.Scale, "layers[0].scale"),
        Strides = reader.Numbers(options.Strides, "layers[0].strides"),
        Pads = reader.Numbers(options.Pads, "layers[0].pads"),
        OutputPadding = reader.Numbers(options.OutputPadding, "layers[0].output_padding"),
        Dilations = reader.Numbers(options.Dilations, "layers[0].dilations"),
        Group = reader.Number(options.Group, "layers[0].group", OptionReader.Whole, "a whole number"),
        AutoPad = reader.Text(options.AutoPad)?.ToUpperInvariant(),
        OutputShape = reader.Numbers(options.OutputShape, "layers[0].output_shape"),
        Border = reader.Text(options.Border),
        Activation = reader.Parsed(options.Activation, "layers[0].activation", ActivationText.Parse, ActivationText.Expected),
    };

    private static string? Required(string? value, string field, string name, List<Problem> problems)
    {
        if (value is null)
            problems.Add(new Problem(field, $"{name} is missing.", "give INPUT and OUTPUT, or --job job.json"));
        return value;
    }
}
