using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Upweave.ServiceDefaults;

/// <summary>Runs a host to its end.</summary>
public static class HostProgram
{
    /// <returns>Exit code: 0 when it was stopped in good order, 2 when its configuration is wrong.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> create)
    {
        try
        {
            await using WebApplication app = create();
            await app.MapHealth().RunAsync();
            return 0;
        }
        catch (SettingsException error)
        {
            using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddSimpleConsole());
            logging.CreateLogger("Upweave").LogCritical("The configuration is not right. {Faults}", error.Message);

            return 2;
        }
    }
}
