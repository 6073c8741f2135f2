using Azure;
using Azure.Storage.Blobs.Models;

namespace Upweave.Storage.Azure;

/// <summary>The service's clock, which the times of its blobs are by.</summary>
internal sealed class AzureClock(AzureBlobs blobs)
{
    /// <summary>Need not exist: every answer has the time.</summary>
    private const string Name = "clock";

    /// <summary>The time, in whole seconds, rounded down as the times of blobs are.</summary>
    /// <exception cref="InvalidArrayException">Access is refused.</exception>
    public async ValueTask<DateTimeOffset> ReadAsync(CancellationToken cancellationToken)
    {
        Response answer = await blobs.CallAsync(Name, async () =>
        {
            try
            {
                Response<BlobProperties> found = await blobs.Blob(Name).GetPropertiesAsync(cancellationToken: cancellationToken);
                return found.GetRawResponse();
            }
            catch (RequestFailedException missing) when (AzureErrors.IsMissing(missing) && missing.GetRawResponse() is not null)
            {
                return missing.GetRawResponse()!;
            }
        });
        return answer.Headers.Date
            ?? throw new InvalidArrayException($"The service of the container '{blobs.Container.Name}' does not tell the time.");
    }
}
