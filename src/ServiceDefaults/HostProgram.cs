using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Upweave.ServiceDefaults;

/// <summary>Runs a host to its end.</summary>
public static class HostProgram
{
    /// <summary>The exit code of a host whose configuration is not right.</summary>
    internal const int WrongConfiguration = 2;

    /// <summary>The exit code of a host that has lost what it computes on: a new start may find it again.</summary>
    public const int LostDevice = 3;

    /// <returns>
    /// Exit code: 0 when it was stopped in good order, 2 when its configuration is not right, 3 when it has lost its device.
    /// </returns>
    public static async Task<int> RunAsync(Func<WebApplication> create)
    {
        try
        {
            await using WebApplication app = create();
            HostEnd end = app.Services.GetRequiredService<HostEnd>();
            await app.MapHealth().RunAsync();
            return end.ExitCode;
        }
        catch (SettingsException error)
        {
            using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddSimpleConsole());
            logging.CreateLogger("Upweave").LogCritical("The configuration is not right. {Faults}", error.Message);
            return WrongConfiguration;
        }
    }
}
