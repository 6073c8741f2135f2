namespace Upweave.Kernels.Techniques;

/// <summary>Positions on one axis, the end not included.</summary>
internal readonly record struct FiltersRange(long First, long End)
{
    public int Count => (int)Math.Max(0, End - First);

    public FiltersRange Intersect(FiltersRange other) => new(Math.Max(First, other.First), Math.Min(End, other.End));

    /// <summary>Cut into parts of this many positions; the last may have fewer.</summary>
    public PartsOf Parts(int length) => new(this, length);

    /// <summary>Enumerates without allocating.</summary>
    public struct PartsOf(FiltersRange range, int length)
    {
        private long next = range.First;

        public FiltersRange Current { get; private set; }

        public readonly PartsOf GetEnumerator() => this;

        public bool MoveNext()
        {
            Current = new FiltersRange(next, Math.Min(next + length, range.End));
            next = Current.End;
            return Current.Count > 0;
        }
    }
}
