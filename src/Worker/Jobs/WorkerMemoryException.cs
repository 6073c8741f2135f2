namespace Upweave.Worker.Jobs;

/// <summary>This worker has too little memory for a plan, which says nothing about the plan: another worker may have enough.</summary>
public sealed class WorkerMemoryException : Exception
{
    /// <param name="what">What takes the memory, e.g. <c>The plan of results/y.zarr</c>.</param>
    /// <param name="neededBytes">What it takes in a worker of so many slots.</param>
    public WorkerMemoryException(string what, long neededBytes, int tilesHeld, WorkerOptions options)
        : base($"{what} takes {neededBytes} bytes with {tilesHeld} tiles at a time; worker {options.Name} has {options.MemoryBytes} "
            + $"bytes and {options.Slots} slot(s). hint: give such workers more memory (Upweave__Worker__Memory, or --memory) or "
            + "fewer slots (Upweave__Worker__Slots, or --workers), or submit the job with a smaller --tile")
    {
    }
}
