namespace Upweave.Worker.Devices;

/// <summary>Tells whoever runs a worker that its device is lost: the worker takes no more tiles, and ought to end.</summary>
public sealed class DeviceLoss
{
    private readonly TaskCompletionSource<string> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends, with the reason, when the device is lost.</summary>
    public Task<string> Reason => lost.Task;

    /// <summary>Any number of lanes may notice it.</summary>
    public void Report(string reason) => lost.TrySetResult(reason);
}
