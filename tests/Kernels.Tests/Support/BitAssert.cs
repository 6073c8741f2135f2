namespace Upweave.Kernels.Tests.Support;

internal static class BitAssert
{
    /// <summary>Every bit the same, NaN and the sign of zero included.</summary>
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int index = 0; index < expected.Length; index++)
        {
            int left = BitConverter.SingleToInt32Bits(expected[index]);
            int right = BitConverter.SingleToInt32Bits(actual[index]);
            if (left != right)
                Assert.Fail($"{what}: element {index} is {actual[index]:G9} (0x{right:X8}), expected {expected[index]:G9} (0x{left:X8}).");
        }
    }
}
