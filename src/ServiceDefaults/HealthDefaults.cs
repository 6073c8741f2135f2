namespace Upweave.ServiceDefaults;

/// <summary>What checks tell beside their status.</summary>
public static class HealthDefaults
{
    /// <summary>In the data of a check: what the host is at the moment, e.g. <c>active</c> or <c>standby</c>.</summary>
    public const string Role = "role";

    /// <summary>What the name of a store's check begins with.</summary>
    internal const string StorePrefix = "store:";
}
