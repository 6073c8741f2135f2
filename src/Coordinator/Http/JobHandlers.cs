using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Coordinator.Consumers;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Http;

/// <summary>
/// What the API's addresses do: the same as the messages of the same names, by the same services. An order that has begun is carried out
/// though whoever gave it has gone.
/// </summary>
internal sealed class JobHandlers(JobService jobs, JobStreams streams, IHostApplicationLifetime lifetime)
{
    public IResult List()
    {
        jobs.Demand();
        return TypedResults.Ok(ListJobs());
    }

    public IResult FollowAll(HttpContext context)
    {
        jobs.Demand();
        return streams.Open("jobs", ListJobs, context.RequestAborted);
    }

    public async Task<IResult> SubmitAsync(HttpContext context, Guid? jobId)
    {
        using MemoryStream json = new();
        try
        {
            await context.Request.Body.CopyToAsync(json, context.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            return ApiProblems.Of(error.StatusCode, new Problem(
                "", error.Message, $"a specification has at most {ContractJson.SpecificationBytesMax} bytes"));
        }

        Guid id = jobId ?? Guid.NewGuid();
        using RequestTelemetry telemetry = Trace("submit", id, context.Request);
        SubmitResult result = await jobs.SubmitAsync(id, json.ToArray(), lifetime.ApplicationStopping);
        if (result.Accepted is { } accepted)
            return TypedResults.Accepted($"{JobApi.Root}/{id}", accepted);
        telemetry.Rejected();
        return ApiProblems.Of(StatusCodes.Status400BadRequest, result.Rejected!.Problems);
    }

    public IResult Get(Guid jobId) => With(jobId, job => TypedResults.Ok(JobDetails.Of(job)));

    public IResult Follow(Guid jobId, HttpContext context) => With(jobId, _ => streams.Open(
        "job", () => jobs.FindView(jobId) is { } job ? JobDetails.Of(job) : null, context.RequestAborted));

    /// <summary>Answers 304 to whoever has the map as it is.</summary>
    /// <param name="level">0 is the full resolution.</param>
    public IResult GetTiles(Guid jobId, int level, int slice, HttpContext context) => With(jobId, job =>
    {
        if (job.Insight is not { } insight)
            return NotFound($"Job {jobId} has ended long ago; its tiles are not known any more.", null);
        IReadOnlyList<TileMapShape> maps = insight.Levels;
        if (level < 0 || level >= maps.Count)
            return NotFound($"The output of job {jobId} has no level {level}.", $"choose one from 0 to {maps.Count - 1}");
        int slices = maps[level].Cells[0];
        if (slice < 0 || slice >= slices)
            return NotFound($"The map of job {jobId} has no slice {slice}.", $"choose one from 0 to {slices - 1}");
        string tag = $"\"{insight.StartedAt.UtcTicks:x}-{insight.Version:x}-{level}-{slice}\"";
        context.Response.Headers.ETag = tag;
        return context.Request.Headers.IfNoneMatch == tag
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(insight.Draw(level, slice));
    });

    /// <summary>A PNG, or nothing while there is none.</summary>
    public async Task<IResult> GetPreviewAsync(Guid jobId, CancellationToken cancellationToken)
    {
        jobs.Demand();
        if (jobs.FindView(jobId) is not { } job)
            return NotFound(jobId);
        byte[]? png = job.Insight is null ? null : await job.Insight.Preview.FindAsync(cancellationToken);
        return png is null ? TypedResults.NoContent() : TypedResults.Bytes(png, "image/png");
    }

    public Task<IResult> CancelAsync(Guid jobId) => OrderAsync(jobId, new CancelJob { JobId = jobId });

    public Task<IResult> PauseAsync(Guid jobId) => OrderAsync(jobId, new PauseJob { JobId = jobId });

    public Task<IResult> ResumeAsync(Guid jobId) => OrderAsync(jobId, new ResumeJob { JobId = jobId });

    public async Task<IResult> RetryAsync(Guid jobId, HttpContext context)
    {
        jobs.Demand();
        if (jobs.Find(jobId) is null)
            return NotFound(jobId);
        using RequestTelemetry telemetry = Trace("retry", jobId, context.Request);
        if (await jobs.RetryAsync(jobId, lifetime.ApplicationStopping) is not { } problems)
            return TypedResults.Accepted($"{JobApi.Root}/{jobId}", jobs.Find(jobId));
        telemetry.Rejected();
        return ApiProblems.Of(StatusCodes.Status409Conflict, problems);
    }

    private static RequestTelemetry Trace(string name, Guid jobId, HttpRequest request) =>
        RequestTelemetry.Start(name, jobId, request.Headers.TraceParent, request.Headers.TraceState);

    private JobList ListJobs() => new() { Jobs = jobs.List() };

    private async Task<IResult> OrderAsync(Guid jobId, object order) =>
        await jobs.OrderAsync(jobId, order, lifetime.ApplicationStopping) is { } status
            ? TypedResults.Accepted($"{JobApi.Root}/{jobId}", status)
            : NotFound(jobId);

    private IResult With(Guid jobId, Func<JobView, IResult> answer)
    {
        jobs.Demand();
        return jobs.FindView(jobId) is { } job ? answer(job) : NotFound(jobId);
    }

    private static JsonHttpResult<ApiProblems> NotFound(Guid jobId) =>
        ApiProblems.Of(StatusCodes.Status404NotFound, UnknownJob.Answer(jobId).Problems);

    private static JsonHttpResult<ApiProblems> NotFound(string message, string? hint) =>
        ApiProblems.Of(StatusCodes.Status404NotFound, new Problem("", message, hint));
}
