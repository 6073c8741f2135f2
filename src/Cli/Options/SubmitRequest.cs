using System.CommandLine;
using System.Text.Json;
using Upweave.Contracts;

namespace Upweave.Cli.Options;

/// <summary>What <c>submit</c> sends: the file of <c>--job</c> byte for byte, or the specification that the options make.</summary>
/// <param name="Json">Empty where there are problems.</param>
internal sealed record SubmitRequest(Guid JobId, ReadOnlyMemory<byte> Json, IReadOnlyList<Problem> Problems)
{
    /// <param name="id">The option with the job's identity; a new one is made where it is not given.</param>
    public static async Task<SubmitRequest> ReadAsync(
        JobOptions options, Option<string?> id, ParseResult result, CancellationToken cancellationToken)
    {
        OptionReader reader = new(result);
        Guid jobId = Identity(id, reader);
        ReadOnlyMemory<byte> json = reader.Text(options.Job) is string path
            ? await FileAsync(path, options, result, reader.Problems, cancellationToken)
            : JsonSerializer.SerializeToUtf8Bytes(SpecificationBuilder.Build(options, result, reader), ContractJson.Options);
        return new SubmitRequest(jobId, json, reader.Problems);
    }

    private static Guid Identity(Option<string?> id, OptionReader reader)
    {
        if (reader.Text(id) is not string text)
            return Guid.NewGuid();
        if (!Guid.TryParse(text, out Guid jobId))
            reader.Problems.Add(new Problem(id.Name, $"'{text}' is not the identity of a job.", "give a GUID, or leave it out"));
        return jobId;
    }

    private static async Task<ReadOnlyMemory<byte>> FileAsync(
        string path, JobOptions options, ParseResult result, List<Problem> problems, CancellationToken cancellationToken)
    {
        IEnumerable<string> overwrite = result.GetValue(options.Overwrite) ? [options.Overwrite.Name] : [];
        foreach (string name in options.NamesBesideJob(result).Concat(overwrite))
        {
            problems.Add(new Problem(name, $"{name} cannot be given together with --job: the file is sent as it is.", $"set it in {path}"));
        }

        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > ContractJson.SpecificationBytesMax } file)
            {
                problems.Add(new Problem(
                    "--job", $"The file '{path}' has {file.Length} bytes; a job has at most {ContractJson.SpecificationBytesMax}."));
                return ReadOnlyMemory<byte>.Empty;
            }

            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem("--job", $"The file '{path}' cannot be read: {error.Message}", "give a JSON file of a job"));
            return ReadOnlyMemory<byte>.Empty;
        }
    }
}
