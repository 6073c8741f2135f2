using Microsoft.Extensions.Logging;

namespace Upweave.Worker.Jobs;

/// <summary>Logs the first warning of a job's kernel: what holds for one tile holds for many.</summary>
internal sealed class JobWarnings(string output, ILogger log)
{
    private int told;

    /// <summary>Called by any thread.</summary>
    public void Warn(string warning)
    {
        if (Interlocked.Exchange(ref told, 1) == 0)
            log.LogWarning("{Output}: {Warning} This is told once for a job.", output, warning);
    }
}
