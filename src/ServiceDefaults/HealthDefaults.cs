namespace Upweave.ServiceDefaults;

/// <summary>What checks tell beside their status.</summary>
public static class HealthDefaults
{
    /// <summary>In the data of a check: what the host is at the moment, e.g. <c>active</c> or <c>standby</c>.</summary>
    public const string Role = "role";
}
