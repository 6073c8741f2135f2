using System.Reflection;
using Upweave.Storage.Stores;

namespace Upweave.Coordinator.Tests.Jobs;

/// <summary>
/// Stores of which every single request fails a few times before it succeeds, each method and path for itself, as in an outage that
/// begins at any moment. Some requests are carried out and then fail: their answer is lost.
/// </summary>
public class FailingStore : DispatchProxy
{
    private object inner = null!;
    private Faults faults = null!;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        string name = targetMethod!.Name;
        string key = $"{targetMethod.DeclaringType!.Name}.{name} {args?.OfType<string>().FirstOrDefault()}";
        if (name.StartsWith("get_", StringComparison.Ordinal))
            return targetMethod.Invoke(inner, args);
        if (name is nameof(IObjectStore.StageFile))
            return Wrap((IStagedFile)targetMethod.Invoke(inner, args)!, faults);
        if (name is nameof(IObjectStore.StageTree))
            return Wrap((IStagedTree)targetMethod.Invoke(inner, args)!, faults);
        StoreUnavailableException? fault = faults.Next(key);
        if (fault is not null && name == nameof(IStagedFile.CommitAsync))
            return new ValueTask<bool>(LoseAnswerAsync(() => (ValueTask<bool>)targetMethod.Invoke(inner, args)!, fault));
        return fault is null ? targetMethod.Invoke(inner, args) : throw fault;
    }

    private static async Task<bool> LoseAnswerAsync(Func<ValueTask<bool>> request, StoreUnavailableException fault)
    {
        await request();
        throw fault;
    }

    private static T Wrap<T>(T inner, Faults faults)
        where T : class
    {
        T proxy = Create<T, FailingStore>();
        ((FailingStore)(object)proxy).inner = inner;
        ((FailingStore)(object)proxy).faults = faults;
        return proxy;
    }

    /// <summary>Makes the faults, and counts them.</summary>
    internal sealed class Faults(IStoreCatalog stores, int ofEach) : IStoreCatalog
    {
        private readonly Dictionary<string, int> made = [];

        /// <summary>What has failed.</summary>
        public IReadOnlyCollection<string> Requests => made.Keys;

        public StoreUnavailableException? Next(string key)
        {
            lock (made)
            {
                int before = made.GetValueOrDefault(key);
                made[key] = before + 1;
                return before < ofEach ? new StoreUnavailableException($"scripted outage of {key}") : null;
            }
        }

        public StoreLocation Resolve(string reference)
        {
            StoreLocation location = stores.Resolve(reference);
            return location with { Store = Wrap(location.Store, this) };
        }
    }
}
