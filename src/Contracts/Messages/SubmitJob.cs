using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>
/// Run a job. On the wire this is the specification itself and nothing else, so that any language can send it. The job's
/// identity is that of the message (AMQP's <c>message_id</c>, a GUID), so that sending a message twice starts one job; without one the
/// coordinator chooses. Answered by <see cref="JobAccepted"/> or <see cref="JobRejected"/>.
/// </summary>
[JsonConverter(typeof(SubmitJobConverter))]
public sealed record SubmitJob
{
    /// <summary>The specification as JSON text. It is read by the coordinator, which says everything that is wrong with it.</summary>
    public required string Specification { get; init; }
}
