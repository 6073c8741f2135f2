namespace Upweave.Storage.Azure;

/// <summary>
/// Where http may be spoken: with this machine, and with hosts that only a private network knows by a name without a dot (the
/// services of a compose file), where emulators are. Elsewhere a SAS would be read on the way.
/// </summary>
internal static class AzureTransport
{
    /// <exception cref="InvalidArrayException">The address is http and the host is none of these.</exception>
    public static void Check(string name, Uri address)
    {
        bool isPrivate = address.IsLoopback || (address.HostNameType == UriHostNameType.Dns && !address.Host.Contains('.'));
        if (address.Scheme != Uri.UriSchemeHttps && !isPrivate)
        {
            throw new InvalidArrayException(
                $"The store '{name}' is at {address.Host} over http, on which secrets can be read.", "use https");
        }
    }
}
