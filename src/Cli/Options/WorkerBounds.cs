using System.CommandLine;
using Upweave.Contracts;
using Upweave.ServiceDefaults;

namespace Upweave.Cli.Options;

/// <summary>The bounds of the worker in this process.</summary>
/// <param name="Slots">Tiles computed at the same time, 1 to 1024.</param>
/// <param name="MemoryBytes">For tiles and weights.</param>
internal sealed record WorkerBounds(int Slots, long MemoryBytes)
{
    private const int SlotsMax = 1024;

    /// <summary>One slot per core and 2 GiB.</summary>
    public static WorkerBounds Default { get; } = new(Math.Min(Environment.ProcessorCount, SlotsMax), 2L << 30);

    public static WorkerBounds Read(Option<string?> workers, Option<string?> memory, OptionReader reader)
    {
        long? slots = reader.Number(workers, workers.Name, OptionReader.Whole, "a whole number");
        if (slots is < 1 or > SlotsMax)
        {
            reader.Problems.Add(new Problem(
                workers.Name, $"{slots} must be from 1 to {SlotsMax}.", "leave it out for one per core"));
            slots = null;
        }

        long? bytes = reader.Number(memory, memory.Name, ByteSize.Parse, ByteSize.Expected);
        return new WorkerBounds((int?)slots ?? Default.Slots, bytes ?? Default.MemoryBytes);
    }
}
