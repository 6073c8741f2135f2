using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Upweave.Contracts;
using Upweave.ServiceDefaults;

namespace Upweave.Coordinator.Http;

/// <summary>
/// Lets through to the API who shows the token. Where none is configured, it is for programs and people of this machine: connections
/// that begin and end there, by a name of the machine itself, so that no page of another site can reach it in somebody's browser.
/// </summary>
internal sealed class ApiGuard(RequestDelegate next, ApiToken token)
{
    private const string TokenSetting = $"{HostSettings.Section}__Coordinator__Token";

    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (IsOfAnotherSite(request))
            return Refuse(context, StatusCodes.Status403Forbidden, "Pages of other sites may not use this API.", null);
        if (token.IsConfigured)
        {
            if (token.Accepts(request.Headers.Authorization))
                return next(context);
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Refuse(
                context, StatusCodes.Status401Unauthorized, "The API asks for its token.",
                $"send the header 'Authorization: Bearer TOKEN' with the value of {TokenSetting}");
        }

        return IsOfThisMachine(context) ? next(context) : Refuse(
            context, StatusCodes.Status403Forbidden, "Without a token the API answers on the coordinator's own machine only.",
            $"set {TokenSetting} for the coordinator, or ask by way of http://localhost there");
    }

    private static bool IsOfThisMachine(HttpContext context) =>
        IsLoopback(context.Connection.LocalIpAddress) && IsLoopback(context.Connection.RemoteIpAddress)
        && IsLoopback(context.Request.Host.Host);

    private static bool IsLoopback(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>A name that somebody else's DNS leads here is none of this machine's.</summary>
    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IsLoopback(IPAddress.TryParse(host, out IPAddress? address) ? address : null);

    /// <summary>Browsers say where a request comes from; other programs do not.</summary>
    private static bool IsOfAnotherSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            return true;
        string origin = request.Headers[HeaderNames.Origin].ToString();
        return origin.Length > 0 && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            && !origin.Equals($"https://{request.Host}", StringComparison.OrdinalIgnoreCase); // behind a proxy that speaks TLS
    }

    private static Task Refuse(HttpContext context, int status, string message, string? hint) =>
        ApiProblems.Of(status, new Problem("", message, hint)).ExecuteAsync(context);
}
