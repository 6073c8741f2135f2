using System.Runtime.CompilerServices;

namespace Upweave.Kernels.Techniques;

/// <summary>A number as a type, so that the compiler makes a tile of exactly so many rows or vectors.</summary>
internal interface IRowsCount
{
    static abstract int Count { get; }
}

/// <summary>The sum of two numbers as types; nesting makes every number from <see cref="RowsOne"/>.</summary>
internal readonly struct RowsSum<TLeft, TRight> : IRowsCount
    where TLeft : struct, IRowsCount
    where TRight : struct, IRowsCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLeft.Count + TRight.Count;
    }
}

/// <summary>1 as a type.</summary>
internal readonly struct RowsOne : IRowsCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }
}
