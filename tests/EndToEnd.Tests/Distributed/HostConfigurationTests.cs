using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Hosts that cannot work say why and end, so that whoever supervises them sees it.</summary>
[Collection(ServersCollection.Name)]
public sealed class HostConfigurationTests(ServersFixture servers) : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Coordinator")]
    [InlineData("Worker")]
    public async Task Host_WrongPassword_EndsWith2(string project)
    {
        RabbitMqServer broker = await servers.RabbitMqAsync().WaitAsync(TestContext.Current.CancellationToken);
        string wrong = new UriBuilder(broker.AmqpUri) { Password = "mistaken" }.Uri.ToString();
        await using HostProcess host = Start(project, wrong, folder.Root);
        Assert.True(await host.WaitForExitAsync(TestContext.Current.CancellationToken) == 2, host.Log);
        Assert.Contains("does not accept the user or the password", host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("mistaken", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_NothingConfiguredRight_SaysAllOfItAndEndsWith2()
    {
        await using HostProcess host = Start("Worker", "http://secret@here", store: "");
        Assert.True(await host.WaitForExitAsync(TestContext.Current.CancellationToken) == 2, host.Log);
        Assert.Contains("Upweave:Broker", host.Log, StringComparison.Ordinal);
        Assert.Contains("Upweave:Stores", host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_DeviceThatIsNotThere_SaysWhichThereAreAndEndsWith2()
    {
        await using HostProcess host = HostProcess.Start("Worker", new Dictionary<string, string>
        {
            ["Upweave__Broker"] = "amqp://localhost/", ["Upweave__Stores__data"] = folder.Root, ["Upweave__Worker__Device"] = "gpu:99",
        });
        Assert.True(await host.WaitForExitAsync(TestContext.Current.CancellationToken) == 2, host.Log);
        Assert.Contains("There is no device gpu:99. OpenCL offers gpu:0 ", host.Log, StringComparison.Ordinal);
    }

    private static HostProcess Start(string project, string broker, string store) => HostProcess.Start(
        project, new Dictionary<string, string> { ["Upweave__Broker"] = broker, ["Upweave__Stores__data"] = store });
}
