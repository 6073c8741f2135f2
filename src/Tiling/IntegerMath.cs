namespace Upweave.Tiling;

/// <summary>Integer division with its rounding in the name; C#'s <c>/</c> truncates towards zero.</summary>
public static class IntegerMath
{
    /// <summary>The largest integer not above <paramref name="dividend"/> / <paramref name="divisor"/>; the divisor is positive.</summary>
    public static long FloorDiv(long dividend, long divisor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisor);
        long quotient = dividend / divisor;
        return dividend % divisor < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The smallest integer not below <paramref name="dividend"/> / <paramref name="divisor"/>; the divisor is positive.</summary>
    public static long CeilDiv(long dividend, long divisor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisor);
        long quotient = dividend / divisor;
        return dividend % divisor > 0 ? quotient + 1 : quotient;
    }

    /// <summary>The quotient of a division that leaves no remainder.</summary>
    /// <exception cref="ArgumentException">It leaves one.</exception>
    public static long DivExact(long dividend, long divisor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisor);
        if (dividend % divisor != 0)
            throw new ArgumentException($"{dividend} is not a multiple of {divisor}.", nameof(dividend));
        return dividend / divisor;
    }

    /// <summary>The remainder in [0, divisor) that goes with <see cref="FloorDiv"/>.</summary>
    public static long FloorMod(long dividend, long divisor) => dividend - (FloorDiv(dividend, divisor) * divisor);

    /// <summary>The smallest multiple of <paramref name="factor"/> not below <paramref name="value"/>.</summary>
    public static long RoundUp(long value, long factor) => checked(CeilDiv(value, factor) * factor);
}
