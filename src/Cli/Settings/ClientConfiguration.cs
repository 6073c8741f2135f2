using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Upweave.ServiceDefaults;

namespace Upweave.Cli.Settings;

/// <summary>
/// What the section <c>Upweave</c> says on this machine: <c>appsettings.json</c> in the current folder, then the file of
/// <c>--config</c>, then environment variables such as <c>Upweave__Broker</c>; the latest wins. The same names as those of the hosts, so
/// that one file can serve all.
/// </summary>
internal static class ClientConfiguration
{
    private const string FileName = "appsettings.json";

    /// <summary>Reads the section.</summary>
    /// <param name="file">The file of <c>--config</c>; null when none was given.</param>
    /// <returns>Null when nothing is configured; finding that out costs no time.</returns>
    /// <exception cref="SettingsException">A file cannot be read.</exception>
    public static IConfigurationSection? Read(string? file)
    {
        bool hasFile = File.Exists(FileName);
        return file is null && !hasFile && !HasVariables() ? null : Build(hasFile, file);
    }

    private static IConfigurationSection Build(bool hasFile, string? file)
    {
        ConfigurationBuilder builder = new();
        if (hasFile)
            builder.AddInMemoryCollection(Entries(FileName));
        if (file is not null)
            builder.AddInMemoryCollection(Entries(file));
        return builder.AddEnvironmentVariables().Build().GetSection(HostSettings.Section);
    }

    /// <summary>A file's entries, read at once so that an error can name the file.</summary>
    private static List<KeyValuePair<string, string?>> Entries(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            return [.. new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable()];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            throw new SettingsException(
                $"The configuration '{file}' cannot be read: {error.GetBaseException().Message} hint: give a JSON file with a section "
                + $"\"{HostSettings.Section}\"");
        }
    }

    /// <summary>A plain loop: a query over a struct would have to be compiled when the program starts.</summary>
    private static bool HasVariables()
    {
        foreach (object name in Environment.GetEnvironmentVariables().Keys)
        {
            if (((string)name).StartsWith(HostSettings.Section + "__", StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
