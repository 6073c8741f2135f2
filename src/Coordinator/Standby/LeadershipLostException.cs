namespace Upweave.Coordinator.Standby;

/// <summary>Another coordinator may be active: what was to be done is left to it.</summary>
public sealed class LeadershipLostException() : Exception("Another coordinator may have taken over; this one has stopped.");
