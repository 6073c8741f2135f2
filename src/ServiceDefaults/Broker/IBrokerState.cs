namespace Upweave.ServiceDefaults.Broker;

/// <summary>Whether a host reaches its broker.</summary>
public interface IBrokerState
{
    /// <summary>How long the broker has been away; null while it is there.</summary>
    TimeSpan? AwayFor { get; }
}
