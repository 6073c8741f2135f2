namespace Upweave.Storage.Stores;

/// <summary>A store that can decide which of several processes may act.</summary>
public interface ILockingStore
{
    /// <summary>A lease on an object that is made when it is missing; nothing is asked of the store yet.</summary>
    /// <param name="path">Nothing else is kept there.</param>
    /// <param name="duration">How long the lease lasts unless it is renewed: 15 to 60 whole seconds.</param>
    /// <param name="time">Where the store has no clock of its own, others' silence is measured by this one.</param>
    ILockLease OpenLease(string path, TimeSpan duration, TimeProvider time);
}
