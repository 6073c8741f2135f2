using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Upweave.Contracts;
using Upweave.Coordinator.Jobs;
using Upweave.Coordinator.Standby;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Upweave.Coordinator.Http;

/// <summary>
/// Streams of server-sent events. Each event says all there is to say of its subject, so whoever connects again has missed nothing; there
/// is one when that has changed, twice a second at most, and a <c>ping</c> after a while without any.
/// </summary>
internal sealed class JobStreams(
    JobService jobs, IOptions<JsonOptions> json, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>The most streams at the same time.</summary>
    public const int StreamsMax = 64;

    /// <summary>Shortest time between two events of a stream.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private const int PeriodsQuiet = 20;

    private int open;

    /// <param name="look">Its subject at the moment; null when it is not known any more, which ends the stream.</param>
    public IResult Open<T>(string name, Func<T?> look, CancellationToken aborted)
        where T : class
    {
        if (Interlocked.Increment(ref open) <= StreamsMax)
            return TypedResults.ServerSentEvents(FollowAsync(name, look, aborted));
        Interlocked.Decrement(ref open);
        return ApiProblems.Of(StatusCodes.Status503ServiceUnavailable, new Problem(
            "", $"{StreamsMax} streams are open already.", "close a page, or ask for the state now and then instead"));
    }

    private async IAsyncEnumerable<SseItem<string>> FollowAsync<T>(
        string name, Func<T?> look, [EnumeratorCancellation] CancellationToken aborted)
        where T : class
    {
        try
        {
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
            using PeriodicTimer timer = new(Period, time);
            string told = "";
            int quiet = 0;
            do
            {
                if (Describe(look) is not { } text)
                    yield break;
                bool isNews = text != told;
                if (isNews)
                    yield return new SseItem<string>(told = text, name);
                else if (quiet == PeriodsQuiet)
                    yield return new SseItem<string>("{}", "ping");
                quiet = isNews || quiet == PeriodsQuiet ? 0 : quiet + 1;
            }
            while (await TickAsync(timer, end.Token));
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private string? Describe<T>(Func<T?> look)
        where T : class
    {
        try
        {
            jobs.Demand();
            return look() is { } subject ? JsonSerializer.Serialize(subject, json.Value.SerializerOptions) : null;
        }
        catch (LeadershipLostException)
        {
            return null; // whoever connects again is told
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken end)
    {
        try
        {
            return await timer.WaitForNextTickAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
