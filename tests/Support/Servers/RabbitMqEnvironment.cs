using System.Globalization;

namespace Upweave.Tests.Servers;

/// <summary>What makes a RabbitMQ node touch nothing outside its folder and listen on 127.0.0.1 only.</summary>
internal static class RabbitMqEnvironment
{
    /// <param name="port">For AMQP.</param>
    /// <param name="distributionPort">For other nodes, of which there are none.</param>
    /// <param name="epmdPort">Where a name service of its own listens already.</param>
    public static Dictionary<string, string> Create(string folder, int port, int distributionPort, int epmdPort) => new()
    {
        // The cookie, by which nodes trust each other, lies in the home folder.
        ["HOME"] = folder,
        ["RABBITMQ_NODENAME"] = "upweave-" + Path.GetFileName(folder).ToLowerInvariant() + "@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = port.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_DIST_PORT"] = distributionPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_PORT"] = epmdPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "config"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
        ["RABBITMQ_LOG_BASE"] = folder,
        ["RABBITMQ_LOGS"] = "-", // Standard output, which is this server's log.
        // No plugin, no setting but the password, whatever the machine has under /etc: but for the third none of these exists.
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "rabbitmq-env.conf"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced.config"),
    };
}
