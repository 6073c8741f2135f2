using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Insight;

/// <summary>
/// The small picture of a job's input that a worker has drawn: an object of bounded size that is handed on as it lies there. It is
/// remembered, since it goes with the job's other remains when that ends.
/// </summary>
/// <param name="planes">How many planes there are; 0: there is none.</param>
public sealed class InputPreview(StoreLocation output, string planHash, int planes)
{
    private readonly string path = JobPaths.Preview(output.Path, planHash);
    private byte[]? png;

    public int Planes => planes;

    /// <summary>A PNG; null when none is drawn, or not yet.</summary>
    public async Task<byte[]?> FindAsync(CancellationToken cancellationToken)
    {
        if (png is not null || planes == 0)
            return png;
        try
        {
            if (await output.Store.StatAsync(path, cancellationToken) is not { Length: > 0 and <= JobPreview.BytesMax } info)
                return null;
            byte[] found = new byte[info.Length];
            await output.Store.ReadAsync(path, 0, found, info.ETag, cancellationToken);
            return png = found;
        }
        catch (Exception error) when (error is IOException or ObjectChangedException or CorruptDataException)
        {
            return null; // nothing hangs on it, and whoever wants it asks again
        }
    }
}
