namespace Upweave.ServiceDefaults.Tests;

public sealed class DeviceChoiceTests
{
    [Theory]
    [InlineData("auto", DeviceChoiceKind.Auto, null)]
    [InlineData("cpu", DeviceChoiceKind.Processor, null)]
    [InlineData("gpu", DeviceChoiceKind.Gpu, null)]
    [InlineData("gpu:0", DeviceChoiceKind.Gpu, 0)]
    [InlineData("gpu:12", DeviceChoiceKind.Gpu, 12)]
    public void Parse_AChoice_IsReadAndWrittenAlike(string text, DeviceChoiceKind kind, int? index)
    {
        DeviceChoice choice = DeviceChoice.Parse(text)!;
        Assert.Equal((kind, index), (choice.Kind, choice.Index));
        Assert.Equal(text, choice.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("GPU")]
    [InlineData("gpu:")]
    [InlineData("gpu:-1")]
    [InlineData("gpu: 1")]
    [InlineData("gpu:1x")]
    [InlineData("gpu:99999999999")]
    [InlineData("cpu:0")]
    [InlineData("cuda")]
    public void Parse_AnythingElse_IsNone(string text) => Assert.Null(DeviceChoice.Parse(text));
}
