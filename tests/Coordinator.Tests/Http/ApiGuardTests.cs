using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Upweave.Coordinator.Http;

namespace Upweave.Coordinator.Tests.Http;

/// <summary>Who may use the API from where.</summary>
public sealed class ApiGuardTests
{
    private const string Token = "correct horse battery";

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:8080", 200)]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1:8080", 200)]
    [InlineData("::1", "::1", "[::1]:8080", 200)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1", "localhost", 200)]
    [InlineData("10.0.0.5", "10.0.0.9", "10.0.0.5:8080", 403)]
    [InlineData("10.0.0.5", "10.0.0.9", "localhost:8080", 403)]
    [InlineData("10.0.0.5", "10.0.0.5", "localhost", 403)]
    [InlineData("172.17.0.2", "172.17.0.1", "127.0.0.1:8080", 403)] // a container's published port
    [InlineData("127.0.0.1", "127.0.0.1", "evil.example:8080", 403)] // a name that was made to lead here
    [InlineData("127.0.0.1", "127.0.0.1", "localhost.evil.example", 403)]
    [InlineData("127.0.0.1", "127.0.0.1", "", 403)]
    [InlineData(null, null, "localhost", 403)]
    public async Task NoToken_ThisMachineOnly(string? local, string? remote, string host, int status) =>
        Assert.Equal(status, await AskAsync(null, context =>
        {
            context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
            context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
            context.Request.Host = new HostString(host);
        }));

    [Theory]
    [InlineData("Bearer " + Token, 200)]
    [InlineData("bearer " + Token, 200)]
    [InlineData("Bearer " + Token + "!", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Basic " + Token, 401)]
    [InlineData(Token, 401)]
    [InlineData("", 401)]
    public async Task Token_FromAnywhere(string authorization, int status) => Assert.Equal(status, await AskAsync(Token, context =>
    {
        context.Connection.LocalIpAddress = IPAddress.Parse("10.0.0.5");
        context.Connection.RemoteIpAddress = IPAddress.Parse("10.0.0.9");
        context.Request.Host = new HostString("upweave.example");
        context.Request.Headers.Authorization = authorization;
    }));

    [Theory]
    [InlineData("Origin", "http://localhost:8080", 200)]
    [InlineData("Origin", "https://localhost:8080", 200)]
    [InlineData("Origin", "http://localhost:9090", 403)]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    public async Task PageOfAnotherSite_IsRefused(string header, string value, int status) => Assert.Equal(status, await AskAsync(null, context =>
    {
        context.Connection.LocalIpAddress = IPAddress.Loopback;
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Host = new HostString("localhost:8080");
        context.Request.Headers[header] = value;
    }));

    private static async Task<int> AskAsync(string? token, Action<HttpContext> prepare)
    {
        using ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        DefaultHttpContext context = new() { RequestServices = services };
        context.Request.Scheme = "http";
        prepare(context);
        await new ApiGuard(_ => Task.CompletedTask, new ApiToken(token)).InvokeAsync(context);
        return context.Response.StatusCode;
    }
}
