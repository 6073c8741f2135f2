using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>A worker that is given a plan of software that is newer than itself leaves its tiles to another worker.</summary>
[Collection(ServersCollection.Name)]
public sealed class MixedFleetTests(ServersFixture servers) : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => deployment = await Deployment.StartAsync(servers, workers: 1);

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("arithmetic")]
    [InlineData("field")]
    [InlineData("version")]
    public async Task Worker_PlanOfALaterVersion_LeavesItsTilesToOthersAndSaysWhy(string what)
    {
        folder.Write("x.npy", NpyArray.RandomBytes(1, 8, 8));
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        (string json, string hash) = await LaterPlanAsync(what);
        await BlobView.WriteAsync(deployment, "results/y.npy.upweave/plan.json", json);

        await using IConnection connection = await new ConnectionFactory { Uri = deployment.Broker }.CreateConnectionAsync(Cancelled);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        string queue = (await channel.QueueDeclareAsync(cancellationToken: Cancelled)).QueueName;
        await channel.QueueBindAsync(queue, "tile-reports", "", cancellationToken: Cancelled);
        TaskCompletionSource<JsonElement> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            JsonElement report = JsonElement.Parse(message.Body.ToArray());
            if (report.GetProperty("plan_hash").GetString() == hash)
                heard.TrySetResult(report);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, Cancelled);
        string run = $$"""
            {"job_id":"{{Guid.NewGuid()}}","output":"results/y.npy","plan_hash":"{{hash}}","stage":"compute","first_tile":0,"tile_count":1,"attempt":1,"later":1}
            """;
        BasicProperties properties = new()
        {
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = "urn:message:Upweave.Contracts.Messages:ComputeTiles" },
        };
        await channel.BasicPublishAsync("", "tiles", mandatory: true, properties, System.Text.Encoding.UTF8.GetBytes(run), Cancelled);
        JsonElement said = await heard.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        Assert.True(said.GetProperty("postponed").GetBoolean());
        Assert.Equal("transient", said.GetProperty("kind").GetString());
        Assert.Contains("software", said.GetProperty("message").GetString(), StringComparison.Ordinal);

        // A coordinator of this version does not take such an output over either, and says why.
        UpweaveResult refused = await deployment.RunAsync(folder, "submit data/x.npy results/y.npy --preset nearest --scale 2,2 --wait");
        refused.AssertExitCode(2);
        Assert.Contains("the software that planned it", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Beside the worker that knows the plan there is one that does not, and takes runs all the same.</summary>
    [Fact]
    public async Task Fleet_OfWhichAWorkerDoesNotKnowThePlan_FinishesWithTheSameBits()
    {
        folder.Write("x.npy", NpyArray.RandomBytes(2, 60, 60));
        await folder.SucceedAsync("run x.npy y.npy --preset bicubic --scale 2,2");
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        await using IConnection connection = await new ConnectionFactory { Uri = deployment.Broker }.CreateConnectionAsync(Cancelled);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await channel.BasicQosAsync(0, prefetchCount: 2, global: false, Cancelled);
        AsyncEventingBasicConsumer other = new(channel);
        int refused = 0;
        other.ReceivedAsync += async (_, message) =>
        {
            JsonElement run = JsonElement.Parse(message.Body.ToArray());
            if (Interlocked.Increment(ref refused) == 12)
                await channel.BasicCancelAsync(message.ConsumerTag, cancellationToken: Cancelled); // it is replaced
            for (long tile = run.GetProperty("first_tile").GetInt64(), count = run.GetProperty("tile_count").GetInt64(); count > 0; tile++, count--)
            {
                await channel.BasicPublishAsync("tile-reports", "", mandatory: true, Failed, PostponedOf(run, tile), Cancelled);
            }

            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, Cancelled);
        };
        await channel.BasicConsumeAsync("tiles", autoAck: false, other, Cancelled);
        await deployment.SucceedAsync(folder, "submit data/x.npy results/mixed.npy --preset bicubic --scale 2,2 --tile 4 --wait");
        Assert.True(refused > 3, $"{refused} runs were refused.");
        Assert.Equal(folder.Read("y.npy").Sha256, await deployment.HashAsync(folder, "results/mixed.npy"));
    }

    /// <summary>First there are only such workers; then one that has enough comes, and the other stays.</summary>
    [Fact]
    public async Task Fleet_OfWhichAWorkerHasTooLittleMemory_SaysSoAndFinishesWithTheSameBits()
    {
        folder.Write("x.npy", NpyArray.RandomBytes(3, 60, 60));
        await folder.SucceedAsync("run x.npy y.npy --preset bicubic --scale 2,2");
        await deployment.SucceedAsync(folder, "copy x.npy data/x.npy");
        await deployment.StopWorkersAsync(Cancelled);
        HostProcess small = await deployment.StartWorkerAsync(
            Cancelled, new Dictionary<string, string> { ["Upweave__Worker__Memory"] = "1KiB" });
        await using ReportSpy spy = await ReportSpy.StartAsync(deployment.Broker);
        JsonElement job = (await deployment.SucceedAsync(
            folder, "submit data/x.npy results/small.npy --preset bicubic --scale 2,2 --tile 4 --json")).Json;
        Guid id = job.GetProperty("job_id").GetGuid();
        Report first = await spy.NextAsync();
        Assert.EndsWith($"-{small.Id}", first.Worker, StringComparison.Ordinal);
        Assert.True(first.IsPostponed);
        await spy.NextAsync(); // by now the coordinator has taken note of the first
        string? warning = null;
        for (int tries = 0; warning is null && tries < 20; tries++)
        {
            JsonElement status = (await deployment.SucceedAsync(folder, $"status {id} --json")).Json;
            Assert.Equal("running", status.GetProperty("state").GetString());
            warning = status.TryGetProperty("warning", out JsonElement said) ? said.GetString() : null;
        }

        Assert.Contains("Upweave__Worker__Memory", warning!, StringComparison.Ordinal);

        await deployment.StartWorkerAsync(Cancelled);
        await deployment.SucceedAsync(folder, $"watch {id}");
        Assert.Equal(folder.Read("y.npy").Sha256, await deployment.HashAsync(folder, "results/small.npy"));
        Assert.All(spy.Heard, report => Assert.Equal(report.Worker == first.Worker, report.IsPostponed));
    }

    private static readonly BasicProperties Failed = new()
    {
        Headers = new Dictionary<string, object?> { ["MT-MessageType"] = "urn:message:Upweave.Contracts.Messages:TileFailed" },
    };

    private static byte[] PostponedOf(JsonElement run, long tile) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        job_id = run.GetProperty("job_id").GetGuid(), plan_hash = run.GetProperty("plan_hash").GetString(), stage = "compute", tile,
        attempt = run.GetProperty("attempt").GetInt32(), kind = "transient", message = "The plan follows version 9 of the arithmetic.", postponed = true,
        worker = "other",
    });

    /// <summary>The plan that this version makes, as a later version might have made it.</summary>
    private async Task<(string Json, string Hash)> LaterPlanAsync(string what)
    {
        await deployment.StopWorkersAsync(Cancelled);
        await deployment.SucceedAsync(folder, "submit data/x.npy results/z.npy --preset nearest --scale 2,2");
        string own = await BlobView.ReadAsync(deployment, "results/z.npy.upweave/plan.json");
        await deployment.StartWorkerAsync(Cancelled);
        JobPlan plan = JsonSerializer.Deserialize<JobPlan>(own, ContractJson.Options)!;
        string other = new('a', 32);
        switch (what)
        {
            case "arithmetic":
                plan = plan with { Arithmetic = plan.Arithmetic + 1 };
                plan = plan with { Hash = ContractJson.Hash(plan) };
                return (JsonSerializer.Serialize(plan, ContractJson.Options), plan.Hash);
            case "field":
                string text = JsonSerializer.Serialize(plan with { Hash = other }, ContractJson.Options);
                return (text.Replace("\"tiles_per_run\"", "\"later\": { \"a\": 1 }, \"tiles_per_run\"", StringComparison.Ordinal), other);
            default:
                return (JsonSerializer.Serialize(plan with { Version = plan.Version + 1, Hash = other }, ContractJson.Options), other);
        }
    }
}
