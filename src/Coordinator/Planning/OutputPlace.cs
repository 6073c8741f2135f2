using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Planning;

/// <summary>A place that an output may be written to.</summary>
/// <param name="Replaces">ETag of what is to be replaced; null: nothing is there.</param>
public sealed record OutputPlace(string? Replaces)
{
    /// <summary>Looks at what lies there: another array, another plan's claim, the input itself.</summary>
    /// <returns>Null when a problem was added.</returns>
    public static async Task<OutputPlace?> FindAsync(
        IStoreCatalog stores, JobSpecification specification, string? format, List<Problem> problems,
        CancellationToken cancellationToken)
    {
        int before = problems.Count;
        try
        {
            StoreLocation output = stores.Resolve(specification.Output!);
            CheckNotInput(stores, specification, output, problems);
            if (await PlanStore.ReadAsync(output, cancellationToken) is JobPlan claim
                && claim.SpecificationHash != ContractJson.Hash(specification))
            {
                problems.Add(new Problem(
                    "output", $"{specification.Output} is claimed by another plan ({claim.Hash}) that has not finished.",
                    $"run that job again to finish it, or delete {specification.Output}.upweave to give it up"));
            }

            string? replaces = format is null
                ? null
                : await ReplacesAsync(output, specification, format, problems, cancellationToken);
            return problems.Count > before ? null : new OutputPlace(replaces);
        }
        catch (Exception error) when (SourceOpener.ProblemOf("output", error) is Problem problem)
        {
            problems.Add(problem);
            return null;
        }
    }

    private static void CheckNotInput(
        IStoreCatalog stores, JobSpecification specification, StoreLocation output, List<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(specification.Input))
            return;
        StoreLocation input;
        try
        {
            input = stores.Resolve(specification.Input.Split('#')[0]);
        }
        catch (InvalidArrayException)
        {
            return; // said where the input is opened
        }

        bool overlaps = ReferenceEquals(input.Store, output.Store)
            && (Within(input.Path, output.Path) || Within(output.Path, input.Path));
        if (overlaps)
        {
            problems.Add(new Problem("output", $"{specification.Output} is the input, or one lies inside the other.",
                "choose another output"));
        }
    }

    private static bool Within(string path, string folder) =>
        path == folder || path.StartsWith(folder + '/', StringComparison.Ordinal);

    private static async Task<string?> ReplacesAsync(
        StoreLocation output, JobSpecification specification, string format, List<Problem> problems,
        CancellationToken cancellationToken)
    {
        string publishing = OutputFormats.PublishingPath(format, output.Path);
        if (await output.Store.StatAsync(publishing, cancellationToken) is { } old)
        {
            if (specification.Overwrite != true)
            {
                problems.Add(new Problem("output", $"{specification.Output} exists.",
                    "use overwrite (--overwrite) to replace it, or choose another output"));
            }

            return old.ETag;
        }

        if (await output.Store.StatAsync(output.Path, cancellationToken) is not null)
        {
            problems.Add(new Problem("output", $"{specification.Output} exists and is a file, not a {format} array.",
                "choose another output, or delete it"));
        }

        await foreach (ObjectInfo other in output.Store.ListAsync(output.Path, cancellationToken))
        {
            // What a plan left that was given up is no array: the preparation of the next removes it.
            if (other.Owner is not null)
                continue;
            problems.Add(new Problem(
                "output", $"{specification.Output} is a folder with other things in it, {other.Path} among them.",
                    "choose another output, or delete it"));
            break;
        }

        return null;
    }
}
