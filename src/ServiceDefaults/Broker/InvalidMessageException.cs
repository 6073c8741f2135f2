namespace Upweave.ServiceDefaults.Broker;

/// <summary>A message can be read, and says what no message says: it is refused, and never delivered again.</summary>
public sealed class InvalidMessageException(string fault) : Exception($"The message is not valid: {fault}.");
