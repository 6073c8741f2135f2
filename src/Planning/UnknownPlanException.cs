using Upweave.Storage;

namespace Upweave.Planning;

/// <summary>A plan of software that is newer or older than this one: other software can carry it out.</summary>
public sealed class UnknownPlanException(string message) : CorruptDataException(message);
