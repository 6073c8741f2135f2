namespace Upweave.Tests.Readers;

/// <summary>A reader cannot be run here, or ends badly.</summary>
public sealed class ReaderFailure(string message)
    : InvalidOperationException($"{message} hint: if a reader is missing, run tests/install-readers");
