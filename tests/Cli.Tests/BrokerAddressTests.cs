using Upweave.Cli.Settings;

namespace Upweave.Cli.Tests;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqp://u:p@host", "host:5672")]
    [InlineData("amqp://u:p@host:5672/", "host:5672")]
    [InlineData("amqp://host:1/vhost", "host:1/vhost")]
    [InlineData("amqps://u:p%40%2F@host/", "host:5671")]
    [InlineData("rabbitmq://u:p@host/v", "host:5672/v")]
    public void ToString_Address_HasNoUser(string text, string expected) => Assert.Equal(expected, BrokerAddress.Parse(text)?.ToString());

    /// <summary>RabbitMQ's client knows AMQP's own schemes only.</summary>
    [Fact]
    public void Parse_NameOfMassTransit_IsAmqp() => Assert.Equal("amqp", BrokerAddress.Parse("rabbitmq://u:p@host/v")?.Uri.Scheme);

    [Theory]
    [InlineData("")]
    [InlineData("host:5672")]
    [InlineData("http://host:5672/")]
    [InlineData("amqp:///vhost")]
    [InlineData("amqp://host/a/b")]
    [InlineData("amqp://host:port/")]
    [InlineData("amqp://u:p@ss@host/")]
    [InlineData("amqp://u:p/ss@host")]
    [InlineData("amqp://u:p@s/s@host")]
    public void Parse_NoAddress_GivesNull(string text) => Assert.Null(BrokerAddress.Parse(text));
}
