using Upweave.ServiceDefaults;

namespace Upweave.Cli.Settings;

/// <summary>Where RabbitMQ is. Its text leaves out the user and the password.</summary>
internal sealed class BrokerAddress
{
    /// <summary>RabbitMQ as it comes, on this machine.</summary>
    public const string Default = "amqp://guest:guest@localhost:5672/";

    private const int Port = 5672;
    private const int TlsPort = 5671;

    private BrokerAddress(Uri uri) => Uri = uri;

    /// <summary>With the password.</summary>
    public Uri Uri { get; }

    /// <summary>The address of <c>--broker</c>, else that of the configuration, else the default.</summary>
    /// <param name="given">The value of <c>--broker</c>.</param>
    /// <param name="config">The file of <c>--config</c>.</param>
    /// <exception cref="SettingsException">It is no address, or the configuration cannot be read.</exception>
    public static BrokerAddress Read(string? given, string? config)
    {
        // The file is read in any case: one that was named and is not there is a mistake.
        string? configured = ClientConfiguration.Read(config)?["Broker"];
        (string source, string text) = (given, configured) switch
        {
            ({ } value, _) => ("--broker", value),
            (null, { Length: > 0 } value) => ($"{HostSettings.Section}:Broker", value),
            _ => ("", Default),
        };

        // The value is not repeated: it may hold a password.
        return Parse(text) ?? throw new SettingsException(
            $"{source} is not an address of a broker. hint: write amqp://user:password@host:5672/, and %2F and the like for "
            + "special characters in the password");
    }

    /// <returns>Null when the text is no address.</returns>
    public static BrokerAddress? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.Segments.Length > 2)
            return null;

        // A password with '/' or '@' as they are: what looks like a host or a virtual host then is a part of it.
        if (uri.AbsolutePath.Contains('@', StringComparison.Ordinal) || uri.UserInfo.Contains('@', StringComparison.Ordinal))
            return null;
        return uri.Scheme switch
        {
            "amqp" or "amqps" => new BrokerAddress(uri),
            "rabbitmq" => Parse("amqp" + text[uri.Scheme.Length..]), // MassTransit's name for it, which the hosts take too
            _ => null,
        };
    }

    /// <summary>E.g. <c>localhost:5672</c>, <c>mq.example.org:5671/vhost</c>.</summary>
    public override string ToString()
    {
        int port = Uri.Port > 0 ? Uri.Port : Uri.Scheme == "amqps" ? TlsPort : Port;
        return $"{Uri.Host}:{port}{Uri.AbsolutePath.TrimEnd('/')}";
    }
}
