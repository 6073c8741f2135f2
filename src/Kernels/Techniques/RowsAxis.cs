using static Upweave.Tiling.IntegerMath;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The taps of a few consecutive outputs ("slots") on one axis, sorted by the input that they read, from the last input
/// to the first: for every slot that is ascending order of taps. Written into integers of the workspace:
/// [input][3: offset from the base, first entry, entries] and behind them [entry][2: slot, tap].
/// </summary>
internal readonly unsafe struct RowsAxis
{
    private readonly int* groups;
    private readonly int* entries;

    /// <param name="memory"><see cref="Length"/> integers.</param>
    /// <param name="first">Position of the first slot's output in the kernel's frame: output + padBegin.</param>
    public RowsAxis(int* memory, long kernel, long stride, long dilation, long first, int slots)
    {
        groups = memory;
        entries = memory + (3 * EntriesMost(kernel, stride, slots));
        long position = FloorDiv(first, stride);
        long reach = (kernel - 1) * dilation;
        int next = 0;
        for (long input = FloorDiv(first + slots - 1, stride); input >= CeilDiv(first - reach, stride); input--)
        {
            int before = next;
            for (int slot = 0; slot < slots; slot++)
            {
                long distance = first + slot - (input * stride);
                if (distance < 0 || distance > reach || distance % dilation != 0)
                    continue;
                entries[2 * next] = slot;
                entries[(2 * next++) + 1] = (int)(distance / dilation);
            }

            if (next > before)
            {
                groups[3 * Count] = (int)(input - position);
                groups[(3 * Count) + 1] = before;
                groups[(3 * Count++) + 2] = next - before;
            }
        }

        AllEntries = next;
    }

    /// <summary>Inputs that some slot reads.</summary>
    public int Count { get; }

    /// <summary>Pairs of a slot and a tap.</summary>
    public int AllEntries { get; }

    /// <summary>Of the input, counted from the position of the first slot's output.</summary>
    public int Offset(int group) => groups[3 * group];

    /// <summary>Entries of an input.</summary>
    public int Entries(int group) => groups[(3 * group) + 2];

    public int Slot(int group, int entry) => entries[2 * (groups[(3 * group) + 1] + entry)];

    public int Tap(int group, int entry) => entries[(2 * (groups[(3 * group) + 1] + entry)) + 1];

    /// <summary>Integers of memory; never fewer for more slots.</summary>
    public static long Length(long kernel, long stride, long slots) => checked(5 * EntriesMost(kernel, stride, slots));

    private static long EntriesMost(long kernel, long stride, long slots) => checked(kernel * CeilDiv(slots, stride));
}
