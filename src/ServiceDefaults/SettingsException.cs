namespace Upweave.ServiceDefaults;

/// <summary>The configuration of a host is not right. The message has a line for each fault, and never a credential.</summary>
public sealed class SettingsException(string message) : Exception(message);
