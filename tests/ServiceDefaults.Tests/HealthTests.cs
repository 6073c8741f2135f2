using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Upweave.Storage.Stores;

namespace Upweave.ServiceDefaults.Tests;

/// <summary>Health endpoints of a host with two stores, as a probe sees them.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Ready_StoresAnswer_IsHealthy()
    {
        (HttpStatusCode status, JsonElement body) = await AskAsync("/health/ready", new ScriptedStores());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Healthy", body.GetProperty("status").GetString());
        JsonElement checks = body.GetProperty("checks");
        Assert.Equal(["store:a", "store:b"], checks.EnumerateObject().Select(check => check.Name).Order());
        Assert.Equal("""{"status":"Healthy"}""", checks.GetProperty("store:b").GetRawText());
    }

    [Fact]
    public async Task Ready_AStoreFails_IsNamed()
    {
        ScriptedStores stores = new() { Failing = { ["b"] = new IOException("The drive is gone.\nAt some length.") } };
        (HttpStatusCode status, JsonElement body) = await AskAsync("/health/ready", stores);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        JsonElement checks = body.GetProperty("checks");
        Assert.Equal("Healthy", checks.GetProperty("store:a").GetProperty("status").GetString());
        Assert.Equal("Unhealthy", checks.GetProperty("store:b").GetProperty("status").GetString());
        Assert.Equal("IOException: The drive is gone.", checks.GetProperty("store:b").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Ready_AStoreHangs_IsBounded()
    {
        ScriptedStores stores = new() { Failing = { ["a"] = null } };
        (HttpStatusCode status, JsonElement body) = await AskAsync("/health/ready", stores);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("No answer in 3 s.", body.GetProperty("checks").GetProperty("store:a").GetProperty("reason").GetString());
    }

    /// <summary>A bus without its broker calls itself that.</summary>
    [Fact]
    public async Task Ready_ADegradedCheck_IsNotReady()
    {
        (HttpStatusCode status, JsonElement body) = await AskAsync(
            "/health/ready", new ScriptedStores(), checks => checks.AddCheck("broker", () => HealthCheckResult.Degraded("Degraded Endpoints: tiles")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("Degraded Endpoints: tiles", body.GetProperty("checks").GetProperty("broker").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Ready_ACheckWithARole_TellsIt()
    {
        Dictionary<string, object> data = new() { [HealthDefaults.Role] = "standby" };
        (HttpStatusCode status, JsonElement body) = await AskAsync(
            "/health/ready", new ScriptedStores(), checks => checks.AddCheck("coordinator", () => HealthCheckResult.Healthy(data: data)));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"status":"Healthy","role":"standby"}""", body.GetProperty("checks").GetProperty("coordinator").GetRawText());
    }

    [Fact]
    public async Task Live_StoresFail_IsHealthy()
    {
        ScriptedStores stores = new() { Failing = { ["a"] = new IOException("Gone.") } };
        (HttpStatusCode status, JsonElement body) = await AskAsync("/health/live", stores);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(body.GetProperty("checks").EnumerateObject());
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        string path, IStoreCatalog stores, Action<IHealthChecksBuilder>? addChecks = null)
    {
        WebApplicationBuilder builder = HostDefaults.CreateBuilder(
            ["--Upweave:Broker=amqp://localhost/", "--Upweave:Stores:a=/a", "--Upweave:Stores:b=/b"]);
        builder.AddHostDefaults("upweave-test", HostTimes.CoordinatorStop);
        builder.Services.AddSingleton(stores);
        addChecks?.Invoke(builder.Services.AddHealthChecks());
        await using WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        await app.MapHealth().StartAsync(TestContext.Current.CancellationToken);
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
        using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonDocument.Parse(body).RootElement);
    }
}
