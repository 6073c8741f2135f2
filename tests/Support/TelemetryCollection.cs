namespace Upweave.Tests;

/// <summary>Tests that count what the whole process says: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "telemetry";
}
