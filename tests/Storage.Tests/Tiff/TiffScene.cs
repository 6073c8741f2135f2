using Upweave.Storage.Arrays;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Tiff;

/// <summary>A file of tests/data/tiff in a store that counts.</summary>
internal sealed record TiffScene(CountingStore Store, IArrayReader Reader) : IAsyncDisposable
{
    public static async Task<TiffScene> OpenAsync(string name)
    {
        CountingStore store = new(new LocalStore(TiffFiles.Folder));
        return new TiffScene(
            store,
            await ArrayReaders.OpenAsync(new StoreLocation(store, name + ".tif"), null, TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync() => Reader.DisposeAsync();
}
