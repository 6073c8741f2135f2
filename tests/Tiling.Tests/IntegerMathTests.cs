using System.Numerics;
using CsCheck;

namespace Upweave.Tiling.Tests;

/// <summary>Each function against the inequality that defines it, in integers without bound.</summary>
public sealed class IntegerMathTests
{
    private static readonly Gen<(long Dividend, long Divisor)> Divisions = Gen.Select(
        Gen.OneOf(Gen.Long, Gen.Long[-30, 30], Gen.OneOf(long.MinValue, long.MinValue + 1, long.MaxValue)),
        Gen.OneOf(Gen.Long[1, long.MaxValue], Gen.Long[1, 10], Gen.Const(long.MaxValue)));

    [Fact]
    public void FloorDiv_AnyDividend_IsLargestNotAbove() => Property.Holds(Divisions, numbers =>
    {
        BigInteger below = (BigInteger)IntegerMath.FloorDiv(numbers.Dividend, numbers.Divisor) * numbers.Divisor;
        Assert.InRange(numbers.Dividend, below, below + numbers.Divisor - 1);
    });

    [Fact]
    public void CeilDiv_AnyDividend_IsSmallestNotBelow() => Property.Holds(Divisions, numbers =>
    {
        BigInteger above = (BigInteger)IntegerMath.CeilDiv(numbers.Dividend, numbers.Divisor) * numbers.Divisor;
        Assert.InRange(numbers.Dividend, above - numbers.Divisor + 1, above);
    });

    [Fact]
    public void FloorMod_AnyDividend_IsRestBelowDivisor() => Property.Holds(Divisions, numbers =>
    {
        long rest = IntegerMath.FloorMod(numbers.Dividend, numbers.Divisor);
        Assert.InRange(rest, 0, numbers.Divisor - 1);
        Assert.Equal(BigInteger.Zero, ((BigInteger)numbers.Dividend - rest) % numbers.Divisor);
    });

    [Fact]
    public void RoundUp_AnyValue_IsNextMultipleOrThrows() => Property.Holds(Divisions, numbers =>
    {
        BigInteger next = numbers.Dividend;
        next += (((-next) % numbers.Divisor) + numbers.Divisor) % numbers.Divisor;
        if (next <= long.MaxValue)
            Assert.Equal(next, IntegerMath.RoundUp(numbers.Dividend, numbers.Divisor));
        else
            Assert.Throws<OverflowException>(() => IntegerMath.RoundUp(numbers.Dividend, numbers.Divisor));
    });

    [Theory]
    [InlineData(-7, 2, -4, -3, 1)]
    [InlineData(7, 2, 3, 4, 1)]
    [InlineData(-6, 3, -2, -2, 0)]
    [InlineData(-1, 5, -1, 0, 4)]
    [InlineData(0, 5, 0, 0, 0)]
    public void Divisions_HandWorkedCase_EqualIt(long dividend, long divisor, long floor, long ceiling, long rest)
    {
        Assert.Equal(floor, IntegerMath.FloorDiv(dividend, divisor));
        Assert.Equal(ceiling, IntegerMath.CeilDiv(dividend, divisor));
        Assert.Equal(rest, IntegerMath.FloorMod(dividend, divisor));
    }

    [Fact]
    public void DivExact_Remainder_Throws()
    {
        Assert.Equal(-4, IntegerMath.DivExact(-12, 3));
        Assert.Throws<ArgumentException>(() => IntegerMath.DivExact(-13, 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Divisions_DivisorNotPositive_Throw(long divisor)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => IntegerMath.FloorDiv(1, divisor));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntegerMath.CeilDiv(1, divisor));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntegerMath.DivExact(1, divisor));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntegerMath.FloorMod(1, divisor));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntegerMath.RoundUp(1, divisor));
    }
}
