namespace Upweave.Coordinator.Standby;

/// <summary>The queues that only the active coordinator reads.</summary>
public interface IActiveEndpoints
{
    /// <summary>Begins to read them; on return it does.</summary>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Stops reading. What was read and not finished goes back to its queue.</summary>
    Task DisconnectAsync();
}
