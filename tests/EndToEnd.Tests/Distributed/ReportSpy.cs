using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Hears what workers report to the coordinator, through a queue of its own: which worker has computed which tiles.</summary>
public sealed class ReportSpy : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly IConnection connection;
    private readonly Channel<Report> reports = Channel.CreateUnbounded<Report>();
    private readonly List<Report> heard = [];

    private ReportSpy(IConnection connection) => this.connection = connection;

    /// <summary>Reports heard so far.</summary>
    public IReadOnlyList<Report> Heard
    {
        get
        {
            while (reports.Reader.TryRead(out Report? report))
            {
                heard.Add(report);
            }

            return heard;
        }
    }

    /// <summary>Starts to listen; the coordinator must have declared its exchanges.</summary>
    public static async Task<ReportSpy> StartAsync(Uri broker)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        IConnection connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        ReportSpy spy = new(connection);
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        string queue = (await channel.QueueDeclareAsync(cancellationToken: cancellationToken)).QueueName;
        await channel.QueueBindAsync(queue, "tile-reports", "", cancellationToken: cancellationToken);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            JsonElement body = JsonElement.Parse(message.Body.ToArray());
            spy.reports.Writer.TryWrite(new Report(
                body.GetProperty("worker").GetString()!, body.GetProperty("job_id").GetGuid(),
                message.BasicProperties.Type == "TilesCompleted" ? body.GetProperty("tile_count").GetInt32() : 0,
                body.TryGetProperty("postponed", out JsonElement postponed) && postponed.GetBoolean(),
                body.TryGetProperty("message", out JsonElement reason) ? reason.GetString() : null));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellationToken);
        return spy;
    }

    /// <summary>Waits for one more report.</summary>
    public async Task<Report> NextAsync()
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Patience);
        Report report = await reports.Reader.ReadAsync(bound.Token);
        heard.Add(report);
        return report;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}

/// <summary>What a worker said.</summary>
/// <param name="Tiles">Completed with it; 0 for a failure.</param>
/// <param name="IsPostponed">A failure that is not the tile's.</param>
/// <param name="Reason">Of a failure.</param>
public sealed record Report(string Worker, Guid JobId, int Tiles, bool IsPostponed, string? Reason);
