namespace Upweave.Cli.Remote;

/// <summary>The broker or the coordinator cannot be had. The message says what to do, and holds no password.</summary>
internal class BrokerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A connection that worked has ended; another one may help.</summary>
internal sealed class BrokerLostException(string message, Exception? inner = null) : BrokerException(message, inner);
