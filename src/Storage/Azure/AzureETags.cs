using Azure;

namespace Upweave.Storage.Azure;

/// <summary>ETags as text, always in quotes: headers have them so and lists do not, and they are compared as strings.</summary>
internal static class AzureETags
{
    public static string Text(ETag etag) => $"\"{Bare(etag.ToString())}\"";

    /// <summary>For a condition; texts of other stores are taken too, and match nothing.</summary>
    public static ETag Parse(string text) => new($"\"{Bare(text)}\"");

    /// <summary>Without quotes, as metadata keeps them.</summary>
    public static string Bare(string text) => text.Trim('"');
}
