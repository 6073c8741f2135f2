namespace Upweave.Worker.Devices;

/// <summary>A run of tiles that is given back, since the worker's device is lost: it is no failure of the tiles.</summary>
public sealed class DeviceLostException(string message) : Exception(message);
