using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Upweave.Contracts.Messages;
using Upweave.ServiceDefaults;
using Upweave.ServiceDefaults.Broker;
using Upweave.Tests;

namespace Upweave.Coordinator.Tests.Hostile;

/// <summary>What is refused is counted, by queue and reason, and what follows is handled. On a bus in memory, whose queue is guarded.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class MessageGuardTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guard_UnusableMessages_AreCountedByReasonAndTheNextIsHandled()
    {
        using Witness witness = new(BrokerTelemetry.Name);
        TaskCompletionSource<Guid> handled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LogLines<MessageGuard> log = new();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton<ILogger<MessageGuard>>(log).AddSingleton(TimeProvider.System).BuildServiceProvider();
        List<string> answers = [];
        IBusControl bus = MassTransit.Bus.Factory.CreateUsingInMemory(memory => memory.ReceiveEndpoint("guarded", endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.ClearSerialization();
            endpoint.UseRawJsonSerializer(RawSerializerOptions.AddTransportHeaders, isDefault: true);
            MessageGuard.Guard(endpoint, "guarded", services, Answer, isReturned: _ => false);
            endpoint.Handler<CancelJob>(context => Handle(context.Message));
        }));
        await bus.StartAsync(Cancelled);
        try
        {
            ISendEndpoint queue = await bus.GetSendEndpoint(new Uri("queue:guarded"));
            await SendAsync(queue, new byte[MessageGuard.BodyBytesMax + 1]);
            await SendAsync(queue, [1, 2, 3]);
            await SendAsync(queue, "{\"JobId\":7}"u8.ToArray());
            await SendAsync(queue, "{}"u8.ToArray(), "urn:message:Evil:Thing");
            await SendAsync(queue, Job(Guid.Empty));
            await SendAsync(queue, Job(new Guid("00000000-0000-0000-0000-000000000001")));
            Guid last = Guid.NewGuid();
            await SendAsync(queue, Job(last));
            Assert.Equal(last, await handled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }

        Assert.True(answers.Count == 6, string.Join("\n", answers));
        foreach ((string reason, int count) in new[] { ("oversized", 1), ("unreadable", 2), ("unknown", 1), ("invalid", 1), ("failed", 1) })
        {
            Assert.Equal(count, witness.Sum(TelemetryNames.MessagesRefused, $"upweave.queue=guarded,upweave.refusal.reason={reason}"));
            Assert.Contains(log.All, line => line.Contains($"({reason};", StringComparison.Ordinal));
        }

        Task Answer(ReceiveContext context, string message)
        {
            answers.Add(message);
            return Task.CompletedTask;
        }

        Task Handle(CancelJob message)
        {
            if (message.JobId == Guid.Empty)
                throw new InvalidMessageException("nobody");
            if (message.JobId.ToString().EndsWith("01", StringComparison.Ordinal))
                throw new InvalidOperationException("odd");
            handled.TrySetResult(message.JobId);
            return Task.CompletedTask;
        }
    }

    private static byte[] Job(Guid id) => System.Text.Encoding.UTF8.GetBytes($$"""{"JobId":"{{id}}"}""");

    private static Task SendAsync(ISendEndpoint queue, byte[] body, string type = "urn:message:Upweave.Contracts.Messages:CancelJob") => queue.Send(
        new CancelJob { JobId = Guid.Empty },
        context =>
        {
            context.Serializer = new CopyBodySerializer(new System.Net.Mime.ContentType("application/json"), new BytesMessageBody(body));
            context.Headers.Set(MessageHeaders.MessageType, type);
        },
        Cancelled);
}
