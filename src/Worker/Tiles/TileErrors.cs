using Upweave.Contracts.Messages;
using Upweave.Storage;

namespace Upweave.Worker.Tiles;

/// <summary>Says what kind of error a tile failed with.</summary>
public static class TileErrors
{
    /// <summary>What is not known to be final is worth another try: attempts are bounded.</summary>
    public static TileErrorKind KindOf(Exception error) => error switch
    {
        InvalidArrayException or ObjectChangedException => TileErrorKind.Invalid,
        CorruptDataException => TileErrorKind.Corrupt,
        _ => TileErrorKind.Transient,
    };

    /// <summary>One line for a person.</summary>
    public static string MessageOf(Exception error) => error switch
    {
        InvalidArrayException { Hint: string hint } => $"{error.Message} hint: {hint}",
        InvalidArrayException or ObjectChangedException or CorruptDataException or IOException or TimeoutException => error.Message,
        _ => $"{error.GetType().Name}: {error.Message}",
    };
}
