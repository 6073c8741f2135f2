using System.CommandLine;
using Upweave.Cli.Arrays;
using Upweave.Cli.Settings;
using Upweave.Contracts;

namespace Upweave.Cli.Options;

/// <summary>The options that say where things are: the broker, the stores, the file with both.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> config = new("--config")
    {
        HelpName = "FILE",
        Description = "JSON file with a section \"Upweave\" [default: appsettings.json here, if it is there]",
    };

    private readonly Option<string?> broker = new("--broker")
    {
        HelpName = "amqp://...",
        Description = "Address of RabbitMQ [default: Upweave__Broker, else guest on localhost]",
    };

    private readonly Option<string[]> store = new("--store")
    {
        HelpName = "NAME=VALUE",
        Description = "NAME/path means a path in this folder or blob container; may be repeated",
    };

    /// <summary>Declares <c>--store</c> and <c>--config</c>.</summary>
    public SettingsOptions AddStoresTo(Command command)
    {
        command.Options.Add(store);
        command.Options.Add(config);
        return this;
    }

    /// <summary>Declares <c>--broker</c> and <c>--config</c>.</summary>
    public SettingsOptions AddBrokerTo(Command command)
    {
        command.Options.Add(broker);
        command.Options.Add(config);
        return this;
    }

    /// <exception cref="ServiceDefaults.SettingsException">The configuration cannot be read.</exception>
    public ReferenceCatalog ReadStores(ParseResult result, ICollection<Problem> problems) =>
        new(StoreSettings.Read(result.GetValue(store) ?? [], result.GetValue(config), problems));

    /// <summary>The same where nothing else can be wrong with the command line.</summary>
    /// <exception cref="ServiceDefaults.SettingsException">The configuration or a store cannot be read.</exception>
    public ReferenceCatalog ReadStores(ParseResult result)
    {
        List<Problem> problems = [];
        ReferenceCatalog catalog = ReadStores(result, problems);
        return problems.Count == 0 ? catalog : throw new ServiceDefaults.SettingsException(problems[0].ToString());
    }

    /// <exception cref="ServiceDefaults.SettingsException">The configuration or the address cannot be read.</exception>
    public BrokerAddress ReadBroker(ParseResult result) => BrokerAddress.Read(result.GetValue(broker), result.GetValue(config));
}
