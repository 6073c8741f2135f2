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

    /// <summary>
    /// What a worker without its device waits before it gives its runs back, each of which counts as a delivery: in this time the bus
    /// leaves the queue, so they come to others.
    /// </summary>
    public static readonly TimeSpan WorkerGiveBack = TimeSpan.FromSeconds(10);

    /// <summary>Of a coordinator's connection: what it had read and not finished is another's after two of them without a sign.</summary>
    public static readonly TimeSpan CoordinatorHeartbeat = TimeSpan.FromSeconds(5);

    /// <summary>Of a worker's connection: its cores are busy with tiles, so there is patience with it.</summary>
    public static readonly TimeSpan WorkerHeartbeat = TimeSpan.FromSeconds(60);

    /// <summary>A coordinator that is not the active one any more leaves its queues; a little less than the lease still lasts.</summary>
    public static readonly TimeSpan CoordinatorDisconnect = TimeSpan.FromSeconds(4);

    /// <summary>A coordinator leaves its jobs in the store as they are.</summary>
    public static readonly TimeSpan CoordinatorStop = TimeSpan.FromSeconds(10);
}
