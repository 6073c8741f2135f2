using System.CommandLine;
using Upweave.Contracts;
using Upweave.Contracts.Specification;

namespace Upweave.Cli.Options;

/// <summary>What a command line of <c>run</c> or <c>plan</c> asks for, and what is wrong with it so far.</summary>
/// <param name="Specification">Null when there is none to look at: the file of <c>--job</c> cannot be read.</param>
/// <param name="Problems">Of the command line alone; the planner adds its own.</param>
internal sealed record JobRequest(
    JobSpecification? Specification, WorkerBounds Bounds, IReadOnlyList<Problem> Problems)
{
    /// <summary>True when nothing is wrong with the command line; the planner looks at the job.</summary>
    public bool CanBeSubmitted => Problems.Count == 0 && Specification is not null;

    /// <summary>The same with more problems.</summary>
    public JobRequest With(IReadOnlyList<Problem> problems) => this with { Problems = [.. Problems, .. problems] };

    /// <summary>Reads the options, and the file of <c>--job</c> where it is given.</summary>
    public static async Task<JobRequest> ReadAsync(
        JobOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        OptionReader reader = new(result);
        JobSpecification? specification = reader.Text(options.Job) is string path
            ? await ReadFileAsync(path, options, result, reader.Problems, cancellationToken)
            : SpecificationBuilder.Build(options, result, reader);
        WorkerBounds bounds = WorkerBounds.Read(options.Workers, options.Memory, options.Device, reader);
        return new JobRequest(specification, bounds, reader.Problems);
    }

    private static async Task<JobSpecification?> ReadFileAsync(
        string path, JobOptions options, ParseResult result, List<Problem> problems, CancellationToken cancellationToken)
    {
        foreach (string name in options.NamesBesideJob(result))
        {
            problems.Add(new Problem(name, $"{name} cannot be given together with --job.", $"set it in {path}"));
        }

        try
        {
            byte[] json = await File.ReadAllBytesAsync(path, cancellationToken);
            JobSpecification? specification = ContractJson.ReadSpecification(json, problems);
            return result.GetValue(options.Overwrite) && specification is not null
                ? specification with { Overwrite = true }
                : specification;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem("--job", $"The file '{path}' cannot be read: {error.Message}", "give a JSON file of a job"));
            return null;
        }
    }
}
