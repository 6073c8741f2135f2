namespace Upweave.Storage.Stores;

/// <summary>
/// Blocks that were staged are not there any more when they are to be published: the store has lost them. The ledger says which are
/// left; the others can be staged again.
/// </summary>
public sealed class BlocksMissingException(string message) : CorruptDataException(message);
