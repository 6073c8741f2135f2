namespace Upweave.Coordinator.Standby;

/// <summary>What a coordinator does while it is the active one.</summary>
public interface IActiveTerm
{
    /// <summary>Takes over, works until the token says stop, and lets go of everything. Fails when it cannot take over.</summary>
    Task RunAsync(CancellationToken ending);
}
