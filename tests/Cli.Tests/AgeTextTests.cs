using Upweave.Cli.Options;

namespace Upweave.Cli.Tests;

public sealed class AgeTextTests
{
    [Theory]
    [InlineData("7d", 7 * 86400)]
    [InlineData("12h", 12 * 3600)]
    [InlineData("90m", 5400)]
    [InlineData("0s", 0)]
    public void Parse_NumberAndUnit_IsATime(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), AgeText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("d")]
    [InlineData("-7d")]
    [InlineData("7 d")]
    [InlineData("7w")]
    [InlineData("1.5d")]
    [InlineData("99999999999999999999d")]
    [InlineData("9223372036854775807d")]
    public void Parse_AnythingElse_IsNull(string text) => Assert.Null(AgeText.Parse(text));
}
