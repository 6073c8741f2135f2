using System.Reflection;
using Upweave.Storage.Stores;

namespace Upweave.Worker.Tests;

/// <summary>Stores that can be told to never answer again when an object is read; whoever waits can only give it up.</summary>
public class HangingStore : DispatchProxy
{
    private IObjectStore inner = null!;
    private Switch control = null!;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (control.Hung is null || targetMethod!.Name != nameof(IObjectStore.ReadAsync))
            return targetMethod!.Invoke(inner, args);
        control.Hung.TrySetResult();
        return new ValueTask(new TaskCompletionSource().Task.WaitAsync((CancellationToken)args![^1]!));
    }

    /// <summary>The stores, and what turns the hanging on and off.</summary>
    internal sealed class Switch(IStoreCatalog stores) : IStoreCatalog
    {
        /// <summary>Set: every read hangs, and the first says so.</summary>
        public TaskCompletionSource? Hung { get; set; }

        public StoreLocation Resolve(string reference)
        {
            StoreLocation location = stores.Resolve(reference);
            IObjectStore store = Create<IObjectStore, HangingStore>();
            ((HangingStore)(object)store).inner = location.Store;
            ((HangingStore)(object)store).control = this;
            return location with { Store = store };
        }
    }
}
