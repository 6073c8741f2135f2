using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Upweave.Storage.Azure;

namespace Upweave.Storage.Tests.Azure;

/// <summary>Records the requests of a client, and loses the answer of one of them or ends the process at it, as the client sees it.</summary>
internal sealed class Network : HttpPipelinePolicy
{
    private readonly List<string> sent = [];
    private string? lost;
    private string? dead;
    private int untilDeath;

    /// <summary>Requests so far.</summary>
    public int Count => sent.Count;

    /// <summary>Method and address's query of every request so far that changes something.</summary>
    public IReadOnlyList<string> Changes => [.. sent.Where(request => !request.StartsWith("GET", StringComparison.Ordinal)
        && !request.StartsWith("HEAD", StringComparison.Ordinal))];

    /// <summary>The service does what the next request beginning so asks, and its answer is lost.</summary>
    public void LoseAnswerOf(string start) => lost = start;

    /// <summary>Some more requests beginning so are sent; the next is not, nor any after it.</summary>
    public void DieAt(string start, int after = 0) => (dead, untilDeath) = (start, after);

    public BlobClientOptions Options()
    {
        BlobClientOptions options = AzureRequests.Options();
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        string request = $"{message.Request.Method} {message.Request.Uri.Query}";
        if (dead is not null && request.StartsWith(dead, StringComparison.Ordinal) && Interlocked.Decrement(ref untilDeath) < 0)
            throw new InvalidOperationException("The process ended here.");
        lock (sent)
        {
            sent.Add(request);
        }

        await ProcessNextAsync(message, pipeline);
        if (lost is not null && request.StartsWith(lost, StringComparison.Ordinal))
        {
            lost = null;
            throw new IOException("The connection was lost.");
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
}
