using System.Text.Json;

namespace Upweave.Contracts;

/// <summary>
/// Names of exchanges and queues; a queue has its exchange's name. They are wire format: clients in any language use them.
/// </summary>
public static class WireNames
{
    /// <summary>Takes specifications.</summary>
    public const string SubmitJob = "submit-job";

    /// <summary>Takes <see cref="Messages.CancelJob"/>.</summary>
    public const string CancelJob = "cancel-job";

    /// <summary>Takes <see cref="Messages.RetryJob"/>.</summary>
    public const string RetryJob = "retry-job";

    /// <summary>Takes <see cref="Messages.PauseJob"/>.</summary>
    public const string PauseJob = "pause-job";

    /// <summary>Takes <see cref="Messages.ResumeJob"/>.</summary>
    public const string ResumeJob = "resume-job";

    /// <summary>Takes <see cref="Messages.GetJob"/>.</summary>
    public const string GetJob = "get-job";

    /// <summary>A topic exchange with the events of jobs; the routing key is the job's identity.</summary>
    public const string JobEvents = "job-events";

    /// <summary>Runs of tiles, for workers.</summary>
    public const string Tiles = "tiles";

    /// <summary>Runs of tiles that the broker has delivered too often: their workers died.</summary>
    public const string TilesDead = "tiles-dead";

    /// <summary>What workers say about tiles, for the coordinator.</summary>
    public const string TileReports = "tile-reports";

    /// <summary>How all messages are named in JSON: like the specification.</summary>
    public static JsonNamingPolicy Naming => JsonNamingPolicy.SnakeCaseLower;
}
