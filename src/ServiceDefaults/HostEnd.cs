using Microsoft.Extensions.Hosting;

namespace Upweave.ServiceDefaults;

/// <summary>Ends a host that cannot do its work, so that whoever supervises it sees that and starts it anew.</summary>
public sealed class HostEnd(IHostApplicationLifetime lifetime)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Stops the host in good order.</summary>
    public void Fail(int exitCode)
    {
        ExitCode = exitCode;
        lifetime.StopApplication();
    }
}
