using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Upweave.Coordinator.Http;
using Upweave.Coordinator.Insight;
using Upweave.Coordinator.Tests.Jobs;

namespace Upweave.Coordinator.Tests.Http;

/// <summary>The API over real HTTP: jobs from submission to their end, orders, and what it shows meanwhile.</summary>
public sealed class JobApiTests : IAsyncLifetime
{
    private ApiScene scene = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => scene = await ApiScene.StartAsync();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Submit_GoodJob_RunsAndIsShown()
    {
        using HttpResponseMessage answer = await scene.SubmitAsync();
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal($"/api/jobs/{scene.Job}", answer.Headers.Location!.OriginalString);
        JsonElement accepted = await BodyAsync(answer);
        Assert.Equal((scene.Job, 8), (accepted.GetProperty("job_id").GetGuid(), accepted.GetProperty("tile_count").GetInt32()));

        JsonElement job = await scene.EndAsync();
        Assert.Equal("completed", job.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal("s/in.npy", job.GetProperty("input").GetString());
        Assert.Equal("[16,12]", job.GetProperty("shape").GetRawText());
        JsonElement activity = job.GetProperty("activity");
        Assert.Equal(8, activity.GetProperty("steps").EnumerateArray().Sum(step => step.GetInt64()));
        JsonElement worker = Assert.Single(activity.GetProperty("workers").EnumerateArray());
        Assert.Equal(("scripted", 8), (worker.GetProperty("name").GetString(), worker.GetProperty("tiles").GetInt32()));
        Assert.Equal(8, activity.GetProperty("slowest").GetArrayLength());
        Assert.Equal(0.875, activity.GetProperty("slowest")[0].GetProperty("seconds").GetDouble());

        JsonElement tiles = await scene.GetAsync("/tiles");
        Assert.Equal("[1,8,1]", tiles.GetProperty("cells").GetRawText());
        Assert.Equal(Enumerable.Repeat((byte)1, 8), tiles.GetProperty("state").GetBytesFromBase64());
        Assert.Equal(Enumerable.Repeat((byte)255, 8), tiles.GetProperty("done").GetBytesFromBase64());
        Assert.Equal(Enumerable.Repeat((byte)1, 8), tiles.GetProperty("worker").GetBytesFromBase64());
        Assert.Equal(Enumerable.Repeat(TileSeconds.Encode(0.875), 8), tiles.GetProperty("seconds").GetBytesFromBase64());
        Assert.Equal("""["","scripted"]""", tiles.GetProperty("workers").GetRawText());

        using JsonDocument list = JsonDocument.Parse(await scene.Client.GetStringAsync("api/jobs", Cancelled));
        Assert.Equal(scene.Job, Assert.Single(list.RootElement.GetProperty("jobs").EnumerateArray()).GetProperty("job_id").GetGuid());
    }

    [Fact]
    public async Task Submit_BadJob_IsAnsweredWithAllThatIsWrong()
    {
        using StringContent bad = new("""{"version":1,"input":"s/none.npy","output":"nowhere/out.npy","surprise":1,"layers":[{"preset":"cubic","scale":[2,2]}]}""");
        using HttpResponseMessage answer = await scene.Client.PostAsync("api/jobs", bad, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        string body = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.All(["surprise", "nowhere", "none.npy", "cubic"], word => Assert.Contains(word, body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("[1]", HttpStatusCode.BadRequest)]
    [InlineData("huge", HttpStatusCode.RequestEntityTooLarge)]
    public async Task Submit_NoSpecification_IsRefused(string body, HttpStatusCode status)
    {
        using StringContent content = new(body == "huge" ? new string(' ', 2 << 20) : body);
        using HttpResponseMessage answer = await scene.Client.PostAsync("api/jobs", content, Cancelled);
        Assert.Equal(status, answer.StatusCode);
        Assert.NotEmpty((await BodyAsync(answer)).GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public async Task Tiles_Failed_AreShownWithTheirErrorsAndTriedAgain()
    {
        scene.Worker.With(3, Outcome.Corrupt);
        (await scene.SubmitAsync()).Dispose();
        JsonElement job = await scene.EndAsync();
        Assert.Equal("failed", job.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal(1, job.GetProperty("activity").GetProperty("tiles_failed").GetInt32());
        JsonElement failure = Assert.Single(job.GetProperty("activity").GetProperty("failures").EnumerateArray());
        Assert.Equal((3, "corrupt", "scripted Corrupt", "y 6:8, x 0:12"), (
            failure.GetProperty("tile").GetInt32(), failure.GetProperty("kind").GetString(), failure.GetProperty("message").GetString(),
            failure.GetProperty("box").GetString()));
        Assert.True(failure.GetProperty("is_final").GetBoolean());
        Assert.Equal([1, 1, 1, 4, 1, 1, 1, 1], (await scene.GetAsync("/tiles")).GetProperty("state").GetBytesFromBase64());

        using HttpResponseMessage retried = await scene.OrderAsync("retry");
        Assert.Equal(HttpStatusCode.Accepted, retried.StatusCode);
        job = await scene.EndAsync();
        Assert.Equal("completed", job.GetProperty("status").GetProperty("state").GetString());
        Assert.Empty(job.GetProperty("activity").GetProperty("failures").EnumerateArray());

        using HttpResponseMessage again = await scene.OrderAsync("retry");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("completed", await again.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orders_OfARunningJob_AreCarriedOut()
    {
        TaskCompletionSource goOn = new();
        scene.Worker.BeforeEach = run => run.FirstTile == 2 ? goOn.Task : Task.CompletedTask;
        (await scene.SubmitAsync()).Dispose();
        JsonElement job = await scene.UntilAsync(job => job.GetProperty("activity").GetProperty("tiles_out").GetInt32() == 3);
        byte[] states = (await scene.GetAsync("/tiles")).GetProperty("state").GetBytesFromBase64();
        Assert.Equal([2, 2, 2, 0, 0, 0, 0, 0], states);
        Assert.Equal("running", job.GetProperty("status").GetProperty("state").GetString());

        using HttpResponseMessage paused = await scene.OrderAsync("pause");
        Assert.True((await BodyAsync(paused)).GetProperty("paused").GetBoolean());
        using HttpResponseMessage resumed = await scene.OrderAsync("resume");
        Assert.False((await BodyAsync(resumed)).TryGetProperty("paused", out _));
        using HttpResponseMessage cancelled = await scene.OrderAsync("cancel");
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        goOn.SetResult();
        job = await scene.EndAsync();
        Assert.Equal("cancelled", job.GetProperty("status").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Tiles_UnchangedMap_IsNotSentAgain()
    {
        (await scene.SubmitAsync()).Dispose();
        await scene.EndAsync();
        using HttpResponseMessage first = await scene.Client.GetAsync($"api/jobs/{scene.Job}/tiles?slice=0", Cancelled);
        using HttpRequestMessage question = new(HttpMethod.Get, $"api/jobs/{scene.Job}/tiles?slice=0");
        question.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await scene.Client.SendAsync(question, Cancelled);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using HttpResponseMessage none = await scene.Client.GetAsync($"api/jobs/{scene.Job}/tiles?slice=1", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using HttpResponseMessage below = await scene.Client.GetAsync($"api/jobs/{scene.Job}/tiles?level=1", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, below.StatusCode);
        Assert.Contains("no level 1", await below.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/tiles")]
    [InlineData("GET", "/preview")]
    [InlineData("GET", "/events")]
    [InlineData("POST", "/cancel")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/retry")]
    public async Task UnknownJob_IsNotFound(string method, string address)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), $"api/jobs/{scene.Job}{address}");
        using HttpResponseMessage answer = await scene.Client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains($"No job {scene.Job}", (await BodyAsync(answer)).GetProperty("problems")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_OfAJob_TellAllOfItWheneverItChanges()
    {
        TaskCompletionSource goOn = new();
        scene.Worker.BeforeEach = run => run.FirstTile == 2 ? goOn.Task : Task.CompletedTask;
        (await scene.SubmitAsync()).Dispose();
        await using Stream stream = await scene.Client.GetStreamAsync($"api/jobs/{scene.Job}/events", Cancelled);
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(Cancelled))
        {
            Assert.Equal("job", item.EventType);
            JsonElement status = JsonElement.Parse(item.Data).GetProperty("status");
            goOn.TrySetResult();
            if (status.GetProperty("state").GetString() == "completed")
                break;
        }

        // Whoever comes later gets the state at once.
        await using Stream later = await scene.Client.GetStreamAsync("api/jobs/events", Cancelled);
        SseItem<string> first = await SseParser.Create(later).EnumerateAsync(Cancelled).FirstAsync(Cancelled);
        Assert.Equal("jobs", first.EventType);
        Assert.Contains(scene.Job.ToString(), first.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_MoreStreamsThanBound_AreRefused()
    {
        List<Stream> open = [];
        for (int stream = 0; stream < JobStreams.StreamsMax; stream++)
        {
            open.Add(await scene.Client.GetStreamAsync("api/jobs/events", Cancelled));
        }

        using HttpResponseMessage refused = await scene.Client.GetAsync("api/jobs/events", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        open.ForEach(stream => stream.Dispose());
    }

    /// <summary>A page that stays open does not keep the coordinator from stopping.</summary>
    [Fact]
    public async Task Events_CoordinatorStops_StreamEnds()
    {
        await using Stream stream = await scene.Client.GetStreamAsync("api/jobs/events", Cancelled);
        IAsyncEnumerator<SseItem<string>> events = SseParser.Create(stream).EnumerateAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await events.MoveNextAsync());
        await scene.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Document_NamesEveryAddress()
    {
        using JsonDocument document = JsonDocument.Parse(await scene.Client.GetStringAsync("api/openapi.json", Cancelled));
        JsonElement paths = document.RootElement.GetProperty("paths");
        string[] operations =
        [
            .. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
                .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            [
                "GET /api/jobs", "GET /api/jobs/events", "GET /api/jobs/{jobId}", "GET /api/jobs/{jobId}/events", "GET /api/jobs/{jobId}/preview",
                "GET /api/jobs/{jobId}/tiles",
                "POST /api/jobs", "POST /api/jobs/{jobId}/cancel", "POST /api/jobs/{jobId}/pause", "POST /api/jobs/{jobId}/resume",
                "POST /api/jobs/{jobId}/retry",
            ],
            operations);
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "api.md"));
        Assert.All(operations, operation => Assert.Matches($@"{Regex.Escape(operation.Split('/')[^1].Replace("{jobId}", "{id}", StringComparison.Ordinal))}(`|\?)", page));
        Assert.Equal(
            ["jobId", "level", "slice"],
            paths.GetProperty("/api/jobs/{jobId}/tiles").GetProperty("get").GetProperty("parameters").EnumerateArray()
                .Select(parameter => parameter.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        JsonElement schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.True(schemas.GetProperty("JobSpecification").GetProperty("properties").TryGetProperty("output_padding", out _)
            || schemas.GetProperty("LayerSpecification").GetProperty("properties").TryGetProperty("output_padding", out _));
    }

    [Fact]
    public async Task Page_IsServedWithAllThatItNames()
    {
        using HttpResponseMessage page = await scene.Client.GetAsync("", Cancelled);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        string html = await page.Content.ReadAsStringAsync(Cancelled);
        string[] files = [.. Regex.Matches(html, "(?:src|href)=\"([^\"#]+)\"").Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            using HttpResponseMessage answer = await scene.Client.GetAsync(file, Cancelled);
            Assert.True(answer.IsSuccessStatusCode, file);
        }
    }

    [Fact]
    public async Task Standby_AnswersThatItIsOne()
    {
        await using ApiScene standby = await ApiScene.StartAsync(isActive: false);
        foreach (string address in new[] { "api/jobs", "api/jobs/events", $"api/jobs/{scene.Job}" })
        {
            using HttpResponseMessage answer = await standby.Client.GetAsync(address, Cancelled);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
            Assert.Contains("stands by", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        using HttpResponseMessage submitted = await standby.SubmitAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, submitted.StatusCode);
        using HttpResponseMessage page = await standby.Client.GetAsync("", Cancelled);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Token_IsAskedForByTheApiAndNothingElse()
    {
        const string Token = "0123456789abcdef0123";
        await using ApiScene guarded = await ApiScene.StartAsync(Token);
        foreach (AuthenticationHeaderValue? shown in new[] { null, new AuthenticationHeaderValue("Bearer", Token + "4"), new AuthenticationHeaderValue("Basic", Token) })
        {
            guarded.Client.DefaultRequestHeaders.Authorization = shown;
            using HttpResponseMessage refused = await guarded.SubmitAsync();
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            Assert.DoesNotContain(Token, await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            using HttpResponseMessage document = await guarded.Client.GetAsync("api/openapi.json", Cancelled);
            Assert.Equal(HttpStatusCode.Unauthorized, document.StatusCode);
            using HttpResponseMessage health = await guarded.Client.GetAsync("health/live", Cancelled);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }

        guarded.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage submitted = await guarded.SubmitAsync();
        Assert.Equal(HttpStatusCode.Accepted, submitted.StatusCode);
        await guarded.EndAsync();
        using JsonDocument description = JsonDocument.Parse(await guarded.Client.GetStringAsync("api/openapi.json", Cancelled));
        Assert.Equal("[{\"token\":[]}]", JsonSerializer.Serialize(description.RootElement.GetProperty("security")));
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
}
