using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace Upweave.Storage.Azure;

/// <summary>How requests are sent: the same for every store.</summary>
public static class AzureRequests
{
    /// <summary>
    /// Nothing newer is needed, and it is the newest that Azurite 3.35 answers: it refuses a later one unless started with
    /// --skipApiVersionCheck.
    /// </summary>
    public const BlobClientOptions.ServiceVersion Version = BlobClientOptions.ServiceVersion.V2025_11_05;

    /// <summary>
    /// Tries after the first. With the delays below they span about half a minute, which covers a partition that moves or an account
    /// that throttles; a longer outage is the caller's, who has attempts of its own and tells people.
    /// </summary>
    public const int RetriesMax = 6;

    /// <summary>Before the second try; it doubles each time, with some randomness.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(0.5);

    public static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(15);

    /// <summary>For one try: a block of 256 MB at 2 MB/s, and far less than brokers wait for a tile.</summary>
    public static readonly TimeSpan TryTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Asked for tokens where no other credential is configured; it keeps them, so one for the process.</summary>
    internal static readonly Lazy<TokenCredential> Credential = new(() => new DefaultAzureCredential());

    public static BlobClientOptions Options() => new(Version)
    {
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = RetriesMax,
            Delay = Delay,
            MaxDelay = DelayMax,
            NetworkTimeout = TryTimeout,
        },
    };
}
