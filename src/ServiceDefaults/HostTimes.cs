namespace Upweave.ServiceDefaults;

/// <summary>
/// How a host stops, each step within the next: consumers finish what they have begun, then the bus stops, then the host gives
/// up, then the container's grace period ends (75 s in docker-compose.yml).
/// </summary>
public static class HostTimes
{
    /// <summary>What a step has more than the one inside it.</summary>
    public static readonly TimeSpan StepDown = TimeSpan.FromSeconds(5);

    /// <summary>A worker's tiles last seconds; a run of them less than this.</summary>
    public static readonly TimeSpan WorkerStop = TimeSpan.FromSeconds(45);

    /// <summary>A coordinator leaves its jobs in the store as they are.</summary>
    public static readonly TimeSpan CoordinatorStop = TimeSpan.FromSeconds(10);
}
