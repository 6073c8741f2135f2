using System.Text.Json;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Remote;

/// <summary>Messages as they are on the broker: JSON, and their name in AMQP's <c>type</c>.</summary>
internal static class WireMessages
{
    private static readonly JsonSerializerOptions Options = new(ContractJson.Options) { WriteIndented = false };

    /// <summary>What a client gets: answers and events.</summary>
    private static readonly Dictionary<string, Type> Types = new Type[]
    {
        typeof(JobAccepted), typeof(JobRejected), typeof(JobStatus), typeof(JobList),
        typeof(JobProgressed), typeof(JobCompleted), typeof(JobFailed), typeof(JobCancelled),
    }.ToDictionary(type => type.Name, StringComparer.Ordinal);

    public static byte[] Write<T>(T message) => JsonSerializer.SerializeToUtf8Bytes(message, Options);

    /// <returns>Null for a message that this version does not know.</returns>
    /// <exception cref="BrokerException">It is not what its name says.</exception>
    public static object? Read(string? name, ReadOnlySpan<byte> json)
    {
        if (name is null || !Types.TryGetValue(name, out Type? type))
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, type, Options);
        }
        catch (JsonException error)
        {
            throw new BrokerException(
                $"A message {name} cannot be read: {error.Message} hint: use the coordinator's version of this program", error);
        }
    }
}
