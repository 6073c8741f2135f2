namespace Upweave.Tiling.Tests;

public sealed class DimsTests
{
    [Fact]
    public void Equality_SameNumbers_IsByValue()
    {
        Dims left = [3, 1L << 40];
        Dims right = Dims.Build(2, axis => axis == 0 ? 3 : 1L << 40);
        Assert.True(left == right && left.Equals((object)right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.True(left != [3, 4] && left != [3]);
    }

    [Fact]
    public void Default_HasNoAxes()
    {
        Dims none = default;
        Assert.Equal((0, 1L, "[]"), (none.Count, none.Volume, none.ToString()));
        Assert.True(none == []);
        Assert.Empty(none);
    }

    [Fact]
    public void Volume_LargeShape_IsExactOrThrows()
    {
        Assert.Equal(long.MaxValue, new Dims().Concat([7, 7, 73, 127, 337, 92737, 649657]).Volume);
        Assert.Throws<OverflowException>(() => Dims.Repeat(1L << 32, 2).Volume);
    }

    [Theory]
    [InlineData(0, 1L << 40, 1L << 40)]
    [InlineData(1L << 40, 1L << 40, 0)]
    public void Volume_EmptyAxis_IsZero(long first, long second, long third) =>
        Assert.Equal(0, Dims.Create([first, second, third]).Volume);

    [Fact]
    public void Parts_KnownList_AreItsNumbers()
    {
        Dims dims = [2, 3, 5];
        Assert.Equal((3, 5L, "[2,3,5]"), (dims.Count, dims[2], dims.ToString()));
        Assert.Equal([3, 5], dims.From(1));
        Assert.Equal([], dims.From(3));
        Assert.Equal([2, 3, 5, 2, 3, 5], dims.Concat(dims));
        Assert.Equal([4, 4], Dims.Repeat(4, 2));
        Assert.Throws<IndexOutOfRangeException>(() => dims[3]);
    }

    [Fact]
    public void ToArray_Changed_LeavesDimsAlone()
    {
        Dims dims = [1, 2];
        dims.ToArray()[0] = 9;
        Assert.Equal([1, 2], dims);
    }
}
