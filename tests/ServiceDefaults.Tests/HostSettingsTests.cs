using Microsoft.Extensions.Configuration;

namespace Upweave.ServiceDefaults.Tests;

public sealed class HostSettingsTests
{
    [Fact]
    public void Read_BrokerAndStore_TheRestHasDefaults()
    {
        HostSettings settings = Read(("Upweave:Broker", "amqp://u:p@host:5672/v"), ("Upweave:Stores:data", "/srv/data"));
        Assert.Equal("host", settings.Broker.Host);
        Assert.Equal("/srv/data", Assert.Single(settings.Stores).Value);
        Assert.Equal("data", settings.Stores.Keys.Single());
        Assert.Equal(Math.Min(Environment.ProcessorCount, HostSettings.SlotsMax), settings.WorkerSlots);
        Assert.Equal(2L << 30, settings.WorkerMemoryBytes);
        Assert.Equal(DeviceChoice.Auto, settings.WorkerDevice);
        Assert.Null(settings.CoordinatorLock);
    }

    [Fact]
    public void Read_Everything_IsTakenAsWritten()
    {
        HostSettings settings = Read(
            ("Upweave:Broker", "amqps://host/"), ("Upweave:Stores:a", "/a"), ("Upweave:Stores:b", "/b"), ("Upweave:Stores:none", " "),
            ("Upweave:Worker:Slots", "3"), ("Upweave:Worker:Memory", "1.5GiB"), ("Upweave:Worker:Device", "gpu:2"),
            ("Upweave:Coordinator:Lock", "b/some/lock"));
        Assert.Equal("b/some/lock", settings.CoordinatorLock);
        Assert.Equal("amqps", settings.Broker.Scheme);
        Assert.Equal(["a", "b"], settings.Stores.Keys.Order());
        Assert.Equal(3, settings.WorkerSlots);
        Assert.Equal(3L << 29, settings.WorkerMemoryBytes);
        Assert.Equal((DeviceChoiceKind.Gpu, 2), (settings.WorkerDevice.Kind, settings.WorkerDevice.Index));
    }

    [Fact]
    public void Read_EverythingWrong_SaysAllOfIt()
    {
        string[] faults = FaultsOf(
            ("Upweave:Broker", "nowhere"), ("Upweave:Worker:Slots", "many"), ("Upweave:Worker:Memory", "much"),
            ("Upweave:Worker:Device", "tpu"));
        Assert.Equal(5, faults.Length);
        string[] names = ["Upweave:Broker", "Upweave:Stores", "Upweave:Worker:Slots", "Upweave:Worker:Memory", "Upweave:Worker:Device"];
        foreach (string name in names)
        {
            Assert.Single(faults, fault => fault.StartsWith(name, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1025")]
    [InlineData("2.5")]
    public void Read_SlotsOutOfRange_AreRefused(string slots) => Assert.Contains(
        $"'{slots}'", Assert.Single(FaultsOf(("Upweave:Broker", "amqp://h/"), ("Upweave:Stores:a", "/a"), ("Upweave:Worker:Slots", slots))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("lock")]
    [InlineData("a/")]
    [InlineData("other/lock")]
    public void Read_LockInNoStore_IsRefused(string text) => Assert.Contains(
        "hint: Upweave__Coordinator__Lock=a/coordinator.lock",
        Assert.Single(FaultsOf(("Upweave:Broker", "amqp://h/"), ("Upweave:Stores:a", "/a"), ("Upweave:Coordinator:Lock", text))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("http://user:Secret1@host/")]
    [InlineData("user:Secret1@host")]
    [InlineData("amqp//user:Secret1@host")]
    public void Read_BadBroker_DoesNotRepeatItsPassword(string broker) => Assert.DoesNotContain(
        "Secret1", Assert.Single(FaultsOf(("Upweave:Broker", broker), ("Upweave:Stores:a", "/a"))), StringComparison.Ordinal);

    private static string[] FaultsOf(params (string Name, string Value)[] values) =>
        Assert.Throws<SettingsException>(() => Read(values)).Message.Split(Environment.NewLine);

    private static HostSettings Read(params (string Name, string Value)[] values) => HostSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Name, pair => (string?)pair.Value)).Build());
}
