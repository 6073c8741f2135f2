using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Upweave.ServiceDefaults;

/// <summary>Runs a host to its end.</summary>
public static class HostProgram
{
    /// <summary>The exit code of a host whose configuration is not right.</summary>
    internal const int WrongConfiguration = 2;

    /// <returns>Exit code: 0 when it was stopped in good order, 2 when its configuration is not right.</returns>
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
