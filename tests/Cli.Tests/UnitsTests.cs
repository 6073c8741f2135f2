using Upweave.Cli.Rendering;

namespace Upweave.Cli.Tests;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(8_388_608, "8.39 MB")]
    [InlineData(88_100_000, "88.1 MB")]
    [InlineData(2e12, "2 TB")]
    public void Bytes_Count_IsDecimal(double bytes, string text) => Assert.Equal(text, Units.Bytes(bytes));

    [Theory]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(2_147_483_648, "2 GiB")]
    [InlineData(1_610_612_736, "1.5 GiB")]
    public void Memory_Count_IsBinary(double bytes, string text) => Assert.Equal(text, Units.Memory(bytes));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.0354, "35 ms")]
    [InlineData(0.9999, "1 s")]
    [InlineData(4.21, "4.21 s")]
    [InlineData(59.96, "60 s")]
    [InlineData(125, "2 min 05 s")]
    [InlineData(3599, "59 min 59 s")]
    [InlineData(12000, "3 h 20 min")]
    [InlineData(187200, "2 d 04 h")]
    public void Duration_Seconds_ReadsWell(double seconds, string text) =>
        Assert.Equal(text, Units.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1, "1 tile")]
    [InlineData(0, "0 tiles")]
    [InlineData(12345, "12,345 tiles")]
    public void Count_WithNoun_AgreesInNumber(long count, string text) => Assert.Equal(text, Units.Count(count, "tile"));

    [Fact]
    public void Share_Fraction_IsPercent() => Assert.Equal("12.5%", Units.Share(0.125));

    [Fact]
    public void Flops_Large_HasItsPrefix() => Assert.Equal("1.2 TFLOP", Units.Flops(1.2e12));
}
