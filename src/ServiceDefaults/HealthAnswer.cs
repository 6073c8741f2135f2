using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Upweave.ServiceDefaults;

/// <summary>
/// What a health endpoint answers, e.g.
/// <c>{"status":"Unhealthy","checks":{"store:data":{"status":"Unhealthy","reason":"No answer in 3 s."}}}</c>. A check of something that
/// has roles has its <c>role</c> too.
/// </summary>
internal static class HealthAnswer
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var answer = new
        {
            Status = report.Status.ToString(),
            Checks = report.Entries.ToDictionary(
                entry => entry.Key, entry => Describe(entry.Value)),
        };
        return context.Response.WriteAsJsonAsync(answer, Json, context.RequestAborted);
    }

    private static object Describe(HealthReportEntry entry) => new
    {
        Status = entry.Status.ToString(),
        Reason = Reason(entry),
        Role = entry.Data.GetValueOrDefault(HealthDefaults.Role)?.ToString(),
    };

    /// <summary>Why a check is not healthy; null when it is.</summary>
    public static string? Reason(HealthReportEntry entry) =>
        entry.Status == HealthStatus.Healthy ? null : entry.Description ?? entry.Exception?.Message ?? "It does not say why.";
}
