using Upweave.Cli.Options;
using Upweave.Contracts.Specification;

namespace Upweave.Cli.Tests;

public sealed class FormatTextTests
{
    [Fact]
    public void Parse_EveryOption_IsRead()
    {
        FormatSpecification format = FormatText.Parse("pyramid, zarr_format=2,compression=gzip,level=5,shard=false,chunk=64x128x32")!;
        Assert.Equal([64, 128, 32], format.Chunk);
        Assert.Equal(
            new FormatSpecification { Pyramid = true, ZarrFormat = 2, Compression = "gzip", Level = 5, Shard = false },
            format with { Chunk = null });
    }

    [Theory]
    [InlineData("")]
    [InlineData("pyramids")]
    [InlineData("pyramid=yes")]
    [InlineData("level")]
    [InlineData("level=high")]
    [InlineData("level=-1")]
    [InlineData("level=1,level=2")]
    [InlineData("compression=")]
    [InlineData("chunk=")]
    [InlineData("chunk=64x")]
    [InlineData("chunk=64,128")]
    public void Parse_AnythingElse_IsNotUnderstood(string text) => Assert.Null(FormatText.Parse(text));
}
