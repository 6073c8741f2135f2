using Upweave.ServiceDefaults;

namespace Upweave.Cli.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("1073741824", 1_073_741_824)]
    [InlineData("17B", 17)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("2gib", 2_147_483_648)]
    [InlineData("2G", 2_147_483_648)]
    [InlineData("2Gi", 2_147_483_648)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("512 MiB", 536_870_912)]
    [InlineData("1.5K", 1_536)]
    [InlineData("3kb", 3_000)]
    [InlineData("1T", 1_099_511_627_776)]
    public void Parse_Size_GivesBytes(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("1Q")]
    [InlineData("1,5G")]
    [InlineData("1e9")]
    [InlineData("9999999999T")]
    [InlineData("99999999999999999999999999999999T")]
    public void Parse_NoSize_GivesNull(string text) => Assert.Null(ByteSize.Parse(text));
}
