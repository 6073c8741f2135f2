using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Upweave.Coordinator.Http;

/// <summary>
/// The job page: files of this assembly, for everybody. It holds nothing of any job; what it shows it asks the API for, as its user.
/// </summary>
internal static class JobPage
{
    /// <summary>Nothing of another site is loaded, asked or let in.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseJobPage(this WebApplication app) => app.UseFileServer(new FileServerOptions
    {
        FileProvider = new EmbeddedFileProvider(typeof(JobPage).Assembly, $"{typeof(CoordinatorHost).Namespace}.Page"),
        StaticFileOptions = { OnPrepareResponse = Protect },
    });

    private static void Protect(StaticFileResponseContext file)
    {
        IHeaderDictionary headers = file.Context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache"; // asks, and is told that nothing has changed, until another version runs
    }
}
