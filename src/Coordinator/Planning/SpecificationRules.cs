using System.Text.Json;
using Upweave.Contracts;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Jobs;
using Upweave.Kernels;
using Upweave.Planning;

namespace Upweave.Coordinator.Planning;

/// <summary>What can be said of a specification without opening anything.</summary>
public static class SpecificationRules
{
    /// <summary>The most layers of a job.</summary>
    public const int LayersMax = 1;

    public static void Check(JobSpecification specification, ICollection<Problem> problems)
    {
        CheckVersion(specification.Version, problems);
        Required("input", specification.Input, problems);
        Required("output", specification.Output, problems);
        Unknown("", specification.Unknown, problems);
        if (specification.Network is { ValueKind: not JsonValueKind.Null })
            problems.Add(new Problem("network", "Whole networks are not supported yet.", "give one layer in layers"));
        OneOf("algorithm", specification.Algorithm, AlgorithmNames.All, problems);
        OneOf("precision", specification.Precision, PrecisionNames.All, problems);
        if (specification.Priority is < -WindowShares.PriorityMax or > WindowShares.PriorityMax)
        {
            problems.Add(new Problem(
                "priority", $"The priority {specification.Priority} is out of range.",
                $"use a number from -{WindowShares.PriorityMax} to {WindowShares.PriorityMax}; 0 is usual"));
        }

        CheckLayers(specification.Layers, problems);
    }

    /// <summary>Adds a problem when a name is not one of those known.</summary>
    public static void OneOf(string field, string? value, IReadOnlyList<string> known, ICollection<Problem> problems)
    {
        if (value is not null && !known.Contains(value))
            problems.Add(new Problem(field, $"'{value}' is not known.", $"use {string.Join(", ", known)}"));
    }

    private static void CheckVersion(int? version, ICollection<Problem> problems)
    {
        const int current = JobSpecification.CurrentVersion;
        if (version == current)
            return;
        problems.Add(version is null
            ? new Problem("version", "The version of the specification is missing.", $"write \"version\": {current}")
            : new Problem(
                "version", $"Version {version} of the specification is not known; this software knows {current}.",
                "update the software, or write the specification in that version"));
    }

    private static void CheckLayers(IReadOnlyList<LayerSpecification?>? layers, ICollection<Problem> problems)
    {
        if (layers is not { Count: > 0 })
            problems.Add(new Problem("layers", "There is no layer.", "give one layer with weights or a preset"));
        if (layers is { Count: > LayersMax })
        {
            problems.Add(new Problem(
                "layers", $"There are {layers.Count} layers; more than one is not supported yet.", "run them one job after the other"));
        }

        for (int index = 0; index < layers?.Count; index++)
        {
            if (layers[index] is not { } layer)
            {
                problems.Add(new Problem($"layers[{index}]", "The layer is null.", "give weights or a preset"));
                continue;
            }

            Unknown($"layers[{index}].", layer.Unknown, problems);
            Unknown($"layers[{index}].activation.", layer.Activation?.Unknown, problems);
        }
    }

    private static void Required(string field, string? value, ICollection<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(value))
            problems.Add(new Problem(field, $"The {field} is missing.", "give a path"));
    }

    /// <summary>Adds a problem for each field that no one knows.</summary>
    public static void Unknown(string prefix, IDictionary<string, JsonElement>? fields, ICollection<Problem> problems)
    {
        foreach (string name in fields?.Keys ?? [])
        {
            problems.Add(new Problem(prefix + name, "There is no such field.", "check the spelling, or leave it out"));
        }
    }
}
