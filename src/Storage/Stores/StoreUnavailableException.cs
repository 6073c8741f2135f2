namespace Upweave.Storage.Stores;

/// <summary>
/// Nobody answers at a store, or it is not well, after all tries of its client. It says nothing about what was asked for: whoever
/// can wait asks again later.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
