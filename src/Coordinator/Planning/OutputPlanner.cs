using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Nifti;
using Upweave.Storage.Pictures;
using Upweave.Storage.Stores;
using Upweave.Storage.Tiff;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Works out what the output is and whether it may be written.</summary>
public sealed class OutputPlanner(IStoreCatalog stores)
{
    /// <summary>Numbers of a region's range: [start, end).</summary>
    public const int RangeLength = 2;

    /// <param name="layer">Null when the layer or the input has problems; then everything else is still checked.</param>
    /// <returns>Null when a problem was added or there is no layer.</returns>
    public async Task<OutputDraft?> PlanAsync(
        JobSpecification specification, SourceArray? source, LayerDraft? layer, List<Problem> problems,
        CancellationToken cancellationToken)
    {
        int before = problems.Count;
        string reference = specification.Output!;
        string? format = FormatOf(reference, specification.Format?.ZarrFormat, problems);
        OutputPlace? place = await OutputPlace.FindAsync(stores, specification, format, problems, cancellationToken);
        ElementType? type = TypeOf(specification, source, problems);
        if (layer is null)
        {
            FormatPlanner.CheckOptions(specification.Format, format, problems);
            return null;
        }

        Box? region = RegionOf(specification.Region, layer.Layer.Geometry.Output, problems);
        if (format is null || place is null || type is null || region is null)
        {
            FormatPlanner.CheckOptions(specification.Format, format, problems);
            return null;
        }

        FormatDraft? options = FormatPlanner.Plan(specification.Format, format, region.Value.Shape, type.Value, problems);
        long batch = source is null ? 1 : layer.Input.Batch(source.Info.Shape);
        Dims shape = layer.Output.Join(batch, layer.Layer.OutputChannels, region.Value.Shape);
        bool isPicture = OutputFormats.IsPicture(format);
        if (isPicture)
            CheckPicture(reference, shape, layer.Output, type.Value, problems);
        if (OutputFormats.IsTiff(format))
            CheckTiff(reference, format, shape, layer.Output, type.Value, problems);
        if (format == OutputFormats.Nifti)
        {
            IReadOnlyList<string> messages = NiftiOutput.Check(reference, shape, type.Value, layer.Output.Axes);
            problems.AddRange(messages.Select(message => new Problem("output", message)));
        }

        if (OutputFormats.IsOme(format) && layer.Output.SpatialRank == 1)
            problems.Add(new Problem("output", $"{reference}: OME-Zarr has two or three axes of space, not one.", "end it in .zarr"));
        return problems.Count > before
            ? null
            : new OutputDraft(format, isPicture, options!, region.Value, shape, layer.Output, type.Value, place.Replaces);
    }

    private static string? FormatOf(string reference, int? zarrFormat, List<Problem> problems)
    {
        string? format = OutputFormats.OfPath(reference, zarrFormat);
        if (format is null)
        {
            problems.Add(new Problem("output", $"The ending of '{reference}' names no format that can be written.",
                OutputFormats.HintFor(reference)));
        }

        return format;
    }

    private static ElementType? TypeOf(JobSpecification specification, SourceArray? source, List<Problem> problems)
    {
        if (specification.Dtype is string name)
        {
            ElementType? type = ElementTypes.Parse(name);
            if (type is null)
                problems.Add(new Problem("dtype", $"'{name}' is not an element type.", $"use one of {ElementTypes.AllNames}"));
            return type;
        }

        bool isPreset = specification.Layers is [{ Preset: not null }, ..];
        return isPreset ? source?.Info.Type : ElementType.Float32;
    }

    private static Box? RegionOf(IReadOnlyList<IReadOnlyList<long>>? region, Dims output, List<Problem> problems)
    {
        if (region is null)
            return Box.Whole(output);
        if (region.Count != output.Count || region.Any(range => range?.Count != RangeLength))
        {
            problems.Add(new Problem("region", $"The region must be a [start, end) for each of the {output.Count} spatial axes.",
                "e.g. 0:512,100:300"));
            return null;
        }

        for (int axis = 0; axis < output.Count; axis++)
        {
            (long start, long end) = (region[axis][0], region[axis][1]);
            if (start >= AxisVector.OffsetMin && start < end && end <= output[axis])
                continue;
            problems.Add(new Problem(
                "region", $"{start}:{end} on axis {axis} is empty or not inside the output's 0:{output[axis]}.",
                    "regions are in elements of the output"));
            return null;
        }

        Dims origin = Dims.Build(output.Count, axis => region[axis][0]);
        return new Box(origin, Dims.Build(output.Count, axis => region[axis][1] - origin[axis]));
    }

    private static void CheckTiff(
        string reference, string format, Dims shape, AxisLayout axes, ElementType type, List<Problem> problems)
    {
        foreach ((string message, string hint) in
            TiffRules.Check(reference, shape, axes.Axes, type, isOme: format == OutputFormats.OmeTiff))
        {
            problems.Add(new Problem("output", message, hint));
        }
    }

    private static void CheckPicture(string reference, Dims shape, AxisLayout axes, ElementType type, List<Problem> problems)
    {
        if (axes.HasBatch || axes.SpatialRank != 2)
        {
            problems.Add(new Problem(
                "output", $"{reference} is a picture; the output {shape} has axes {axes.Axes}.",
                    "write .npy, .zarr or .tif, or give [C,H,W] or [H,W]"));
            return;
        }

        foreach (string message in PictureExport.Check(reference, shape, type))
        {
            problems.Add(new Problem("output", message));
        }
    }
}
