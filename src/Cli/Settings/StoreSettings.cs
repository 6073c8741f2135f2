using Microsoft.Extensions.Configuration;
using Upweave.Contracts;

namespace Upweave.Cli.Settings;

/// <summary>What each store is, by its name: from the configuration, then from <c>--store NAME=VALUE</c>. Values may be secrets.</summary>
internal static class StoreSettings
{
    private const string Hint = "write --store NAME=VALUE with a name of letters, digits, '-' and '_', such as --store data=/srv/data";

    /// <summary>Reads the stores; what is wrong with one of <paramref name="given"/> is a problem, told without its text.</summary>
    /// <param name="given">The values of <c>--store</c>, in order; a later one of a name wins.</param>
    /// <param name="config">The file of <c>--config</c>.</param>
    /// <exception cref="ServiceDefaults.SettingsException">The configuration cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyList<string> given, string? config, ICollection<Problem> problems)
    {
        Dictionary<string, string> stores = new(StringComparer.Ordinal);
        if (ClientConfiguration.Read(config) is { } section)
            AddConfigured(section, stores);
        foreach (string text in given)
        {
            if (Split(text) is var (name, value))
                stores[name] = value;
            else
                problems.Add(new Problem("--store", "A store cannot be read.", Hint));
        }

        return stores;
    }

    private static void AddConfigured(IConfigurationSection section, Dictionary<string, string> stores)
    {
        foreach (IConfigurationSection store in section.GetSection("Stores").GetChildren())
        {
            if (!string.IsNullOrWhiteSpace(store.Value))
                stores[store.Key] = store.Value;
        }
    }

    private static (string Name, string Value)? Split(string text)
    {
        string[] parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        bool isStore = parts is [{ Length: > 0 } name, { Length: > 0 }]
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
        return isStore ? (parts[0], parts[1]) : null;
    }
}
