using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Remote;

/// <summary>A job as people name it: by its identity, or by the beginning of one that no other job shares.</summary>
internal static class JobReference
{
    /// <summary>The shortest beginning that is shown; long enough to tell a day's jobs apart.</summary>
    private const int ShownMin = 8;

    private const int LengthMax = 36;

    /// <summary>The identity, where the text is one.</summary>
    public static Guid? Whole(string text) => Guid.TryParse(text, out Guid jobId) ? jobId : null;

    /// <summary>The one job that is meant.</summary>
    /// <returns>Null when a problem was added.</returns>
    public static Guid? Find(string text, IReadOnlyList<JobStatus> jobs, ICollection<Problem> problems)
    {
        List<Guid> found = [.. jobs.Select(job => job.JobId)
            .Where(jobId => text.Length > 0 && jobId.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase))];
        if (found.Count == 1)
            return found[0];
        problems.Add(found.Count == 0
            ? new Problem("JOB", $"No job that begins with '{text}' is known.", "upweave status lists all")
            : new Problem("JOB", $"'{text}' is the beginning of {found.Count} jobs: {string.Join(", ", found)}.", "give more of it"));
        return null;
    }

    /// <summary>Characters of an identity that tell all these jobs apart.</summary>
    public static int ShownLength(IReadOnlyList<JobStatus> jobs)
    {
        string[] names = [.. jobs.Select(job => job.JobId.ToString()).Distinct()];
        return Enumerable.Range(ShownMin, LengthMax - ShownMin)
            .FirstOrDefault(length => names.DistinctBy(name => name[..length]).Count() == names.Length, LengthMax);
    }
}
