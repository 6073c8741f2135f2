using System.Runtime.InteropServices;

namespace Upweave.Cli;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a cancellation, so that the job stops in good order; a second one ends the
/// process as if nobody listened.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    public Interruption() =>
        registrations = [.. Enumerable.Select([PosixSignal.SIGINT, PosixSignal.SIGTERM], Register)];

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        if (source.IsCancellationRequested)
            return;
        context.Cancel = true;

        // Not on the signal's thread: what is cancelled may wait for what only that thread can tell it.
        _ = Task.Run(source.Cancel);
    });
}
