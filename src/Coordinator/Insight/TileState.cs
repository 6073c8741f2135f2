namespace Upweave.Coordinator.Insight;

/// <summary>The state of a cell of tiles: the highest that one of its tiles has. The numbers are those of the HTTP API.</summary>
public enum TileState : byte
{
    /// <summary>Some of its tiles are not done, and nothing is going on with them.</summary>
    Waiting = 0,

    /// <summary>All of them are durable.</summary>
    Done = 1,

    /// <summary>One is out: waiting for a worker, or with it.</summary>
    Out = 2,

    /// <summary>One has failed and waits to be tried again.</summary>
    Again = 3,

    /// <summary>One has failed for good.</summary>
    Failed = 4,
}
