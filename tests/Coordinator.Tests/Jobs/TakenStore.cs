using System.Reflection;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>A catalog whose staged files say, before anything is staged, that their destination is not as the plan expects.</summary>
public class TakenStore : DispatchProxy
{
    private object inner = null!;

    public static IStoreCatalog Catalog(IStoreCatalog stores) => new Wrapping(stores);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IStagedFile.PrepareAsync) => new ValueTask<bool>(false),
        nameof(IObjectStore.StageFile) => Wrap((IStagedFile)targetMethod.Invoke(inner, args)!),
        _ => targetMethod.Invoke(inner, args),
    };

    private static T Wrap<T>(T inner)
        where T : class
    {
        T proxy = Create<T, TakenStore>();
        ((TakenStore)(object)proxy).inner = inner;
        return proxy;
    }

    private sealed class Wrapping(IStoreCatalog stores) : IStoreCatalog
    {
        public StoreLocation Resolve(string reference)
        {
            StoreLocation location = stores.Resolve(reference);
            return location with { Store = Wrap(location.Store) };
        }
    }
}
