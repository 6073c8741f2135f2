namespace Upweave.Storage.Stores;

/// <summary>Finds the store behind a reference of a job.</summary>
public interface IStoreCatalog
{
    /// <summary>Splits a reference into its store and the path inside it.</summary>
    /// <param name="reference"><c>store/path</c> in a service; a plain path on the command line.</param>
    /// <exception cref="InvalidArrayException">There is no such store, or the path leaves it.</exception>
    StoreLocation Resolve(string reference);
}

/// <summary>A path in a store.</summary>
public readonly record struct StoreLocation(IObjectStore Store, string Path);
