using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Standby;

namespace Upweave.Coordinator.Http;

/// <summary>The HTTP API of the coordinator (docs/api.md), and the page that is made with it.</summary>
public static class JobApi
{
    /// <summary>Where jobs are.</summary>
    internal const string Root = "/api/jobs";

    /// <summary>Where the API describes itself.</summary>
    internal const string Document = "/api/openapi.json";

    /// <summary>How soon somebody may ask again who has asked one that stands by, in seconds.</summary>
    private const string RetryAfter = "5";

    /// <summary>Adds the services of the API. The host adds those of the coordinator.</summary>
    /// <param name="token">What those must show who use it; null: it answers on this machine only.</param>
    public static void AddJobApi(this WebApplicationBuilder builder, string? token)
    {
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = ContractJson.SpecificationBytesMax;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = WireNames.Naming;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddResponseCompression();
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            ApiDocument.Complete(document, asksForToken: token is not null);
            return Task.CompletedTask;
        }));
        builder.Services.AddSingleton(new ApiToken(token));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<JobStreams>();
        builder.Services.AddSingleton<JobHandlers>();
    }

    /// <summary>Puts the API and the page at their addresses.</summary>
    public static WebApplication MapJobApi(this WebApplication app)
    {
        JobHandlers handlers = app.Services.GetRequiredService<JobHandlers>();
        app.UseResponseCompression();
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseMiddleware<ApiGuard>());
        app.UseJobPage();
        app.MapOpenApi(Document);
        RouteGroupBuilder jobs = app.MapGroup(Root).WithTags("Jobs");
        jobs.AddEndpointFilter(AnswerOfStandbyAsync);
        jobs.MapGet("", handlers.List).Answers<JobList>("ListJobs", "The jobs that run, then those that have ended, latest first");
        jobs.MapPost("", ([Microsoft.AspNetCore.Mvc.FromQuery(Name = "job_id")] Guid? jobId, HttpContext context) =>
                handlers.SubmitAsync(context, jobId))
            .Accepts<JobSpecification>("application/json", "*/*")
            .Answers<JobAccepted>("SubmitJob", "Starts a job", StatusCodes.Status202Accepted)
            .Produces<ApiProblems>(StatusCodes.Status400BadRequest);
        jobs.MapGet("events", handlers.FollowAll).Streams("FollowJobs", "Events 'jobs', each with the whole list");
        RouteGroupBuilder job = jobs.MapGroup("{jobId:guid}");
        job.MapGet("", handlers.Get).Answers<JobDetails>("GetJob", "A job, its plan, and how its tiles stand").MayBeUnknown();
        job.MapGet("events", handlers.Follow).Streams("FollowJob", "Events 'job', each with all of the job").MayBeUnknown();
        job.MapGet("tiles", (Guid jobId, HttpContext context, int slice = 0, int level = 0) =>
                handlers.GetTiles(jobId, level, slice, context))
            .Answers<TileMapAnswer>("GetTiles", "A slice of the map of the job's tiles at one resolution").MayBeUnknown();
        job.MapGet("preview", handlers.GetPreviewAsync).WithName("GetPreview")
            .WithSummary("A small picture of the input, where there is one").Produces(StatusCodes.Status200OK, contentType: "image/png")
            .Produces(StatusCodes.Status204NoContent).MayBeUnknown();
        job.MapPost("cancel", handlers.CancelAsync).Orders("CancelJob", "Stops the job and removes what it staged");
        job.MapPost("pause", handlers.PauseAsync).Orders("PauseJob", "Sends out no more tiles");
        job.MapPost("resume", handlers.ResumeAsync).Orders("ResumeJob", "Goes on after a pause");
        job.MapPost("retry", handlers.RetryAsync).Orders("RetryJob", "Runs a failed job's missing tiles again")
            .Produces<ApiProblems>(StatusCodes.Status409Conflict);
        return app;
    }

    private static async ValueTask<object?> AnswerOfStandbyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (LeadershipLostException)
        {
            context.HttpContext.Response.Headers.RetryAfter = RetryAfter;
            return ApiProblems.Of(StatusCodes.Status503ServiceUnavailable, new Problem(
                "", "This coordinator stands by; another one is the active one.",
                "ask that one, or this one again once it has taken over"));
        }
    }

    private static RouteHandlerBuilder Answers<TAnswer>(
        this RouteHandlerBuilder endpoint, string name, string summary, int status = StatusCodes.Status200OK) => endpoint
        .WithName(name).WithSummary(summary).Produces<TAnswer>(status)
        .Produces<ApiProblems>(StatusCodes.Status401Unauthorized).Produces<ApiProblems>(StatusCodes.Status403Forbidden)
        .Produces<ApiProblems>(StatusCodes.Status503ServiceUnavailable);

    private static RouteHandlerBuilder Streams(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary).Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .Produces<ApiProblems>(StatusCodes.Status503ServiceUnavailable);

    private static RouteHandlerBuilder Orders(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.Answers<JobStatus>(name, summary, StatusCodes.Status202Accepted).MayBeUnknown();

    private static RouteHandlerBuilder MayBeUnknown(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<ApiProblems>(StatusCodes.Status404NotFound);
}
