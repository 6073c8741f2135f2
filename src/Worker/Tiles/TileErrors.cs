using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Tiles;

/// <summary>Says what kind of error a tile failed with.</summary>
public static class TileErrors
{
    private const int MessageMax = 2000;

    /// <summary>What is not known to be final is worth another try: attempts are bounded.</summary>
    public static TileErrorKind KindOf(Exception error) => error switch
    {
        _ when IsPostponed(error) => TileErrorKind.Transient,
        InvalidArrayException or ObjectChangedException => TileErrorKind.Invalid,
        CorruptDataException => TileErrorKind.Corrupt,
        _ => TileErrorKind.Transient,
    };

    /// <summary>Whether another worker is all that the tile needs.</summary>
    public static bool IsForOthers(Exception error) => error is UnknownPlanException or WorkerMemoryException;

    /// <summary>Whether another time or another worker is all that the tile needs.</summary>
    public static bool IsPostponed(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is StoreUnavailableException || IsForOthers(cause))
                return true;
        }

        return false;
    }

    /// <summary>One line for a person, of bounded length: a job that fails names many.</summary>
    public static string MessageOf(Exception error)
    {
        string text = TextOf(error);
        return text.Length <= MessageMax ? text : text[..MessageMax] + "...";
    }

    private static string TextOf(Exception error) => error switch
    {
        InvalidArrayException { Hint: string hint } => $"{error.Message} hint: {hint}",
        InvalidArrayException or ObjectChangedException or CorruptDataException or IOException or TimeoutException
            or WorkerMemoryException => error.Message,
        _ => $"{error.GetType().Name}: {error.Message}",
    };
}
