using System.Reflection;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>A catalog whose store stops working when a folder is to be removed, having removed one file of it: a death in mid clean-up.</summary>
public class DyingStore : DispatchProxy
{
    private IObjectStore inner = null!;
    private Action whenDying = null!;

    /// <param name="whenDying">Removes what the death left removed.</param>
    public static IStoreCatalog Catalog(IStoreCatalog stores, Action whenDying) => new Wrapping(stores, whenDying);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name != nameof(IObjectStore.DeleteAllAsync))
            return targetMethod.Invoke(inner, args);
        whenDying();
        throw new IOException("The process died here.");
    }

    private sealed class Wrapping(IStoreCatalog stores, Action whenDying) : IStoreCatalog
    {
        public StoreLocation Resolve(string reference)
        {
            StoreLocation location = stores.Resolve(reference);
            IObjectStore store = Create<IObjectStore, DyingStore>();
            ((DyingStore)(object)store).inner = location.Store;
            ((DyingStore)(object)store).whenDying = whenDying;
            return location with { Store = store };
        }
    }
}
