using System.CommandLine;
using Upweave.Contracts;
using Upweave.ServiceDefaults;

namespace Upweave.Cli.Options;

/// <summary>The worker in this process.</summary>
/// <param name="Slots">Tiles computed at the same time, 1 to 1024.</param>
/// <param name="MemoryBytes">For tiles and weights.</param>
/// <param name="Device">What it computes on.</param>
internal sealed record WorkerBounds(int Slots, long MemoryBytes, DeviceChoice Device)
{
    private const int SlotsMax = 1024;

    /// <summary>One slot per core, 2 GiB, and a graphics processor where there is one.</summary>
    public static WorkerBounds Default { get; } = new(Math.Min(Environment.ProcessorCount, SlotsMax), 2L << 30, DeviceChoice.Auto);

    public static WorkerBounds Read(Option<string?> workers, Option<string?> memory, Option<string?> device, OptionReader reader)
    {
        long? slots = reader.Number(workers, workers.Name, OptionReader.Whole, "a whole number");
        if (slots is < 1 or > SlotsMax)
        {
            reader.Problems.Add(new Problem(
                workers.Name, $"{slots} must be from 1 to {SlotsMax}.", "leave it out for one per core"));
            slots = null;
        }

        long? bytes = reader.Number(memory, memory.Name, ByteSize.Parse, ByteSize.Expected);
        DeviceChoice? choice = reader.Parsed(device, device.Name, DeviceChoice.Parse, DeviceChoice.Expected);
        return new WorkerBounds((int?)slots ?? Default.Slots, bytes ?? Default.MemoryBytes, choice ?? Default.Device);
    }
}
