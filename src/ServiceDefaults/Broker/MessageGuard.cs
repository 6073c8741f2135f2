using System.Runtime.ExceptionServices;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Upweave.ServiceDefaults.Broker;

/// <summary>
/// Takes messages that cannot be handled out of a queue: too large, not readable, of a type that nobody reads there, or with a content that
/// no message has. Each is counted, told of, answered where somebody waits, and gone: delivered again it would be the same, and a queue
/// for such messages is one that nobody looks at and nothing bounds.
/// </summary>
public sealed class MessageGuard
{
    /// <summary>The largest body, in bytes.</summary>
    public const int BodyBytesMax = 1 << 20;

    private const string Oversized = "oversized";
    private const string Unreadable = "unreadable";
    private const string Unknown = "unknown";
    private const string Invalid = "invalid";
    private const string Failed = "failed";

    /// <summary>Lines of the log are not what a flood of messages should fill.</summary>
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(5);

    private readonly string queue;
    private readonly Func<ReceiveContext, string, Task> answer;
    private readonly Predicate<Exception> isReturned;
    private readonly ILogger log;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private long? told;
    private long untold;

    private MessageGuard(
        string queue, IServiceProvider services, Func<ReceiveContext, string, Task> answer, Predicate<Exception> isReturned)
    {
        this.queue = queue;
        this.answer = answer;
        this.isReturned = isReturned;
        log = services.GetRequiredService<ILogger<MessageGuard>>();
        time = services.GetRequiredService<TimeProvider>();
    }

    /// <summary>Guards a queue.</summary>
    /// <param name="answer">Tells the sender why, where somebody waits for an answer.</param>
    /// <param name="isReturned">Whether a message whose handling failed like this goes back to the queue, to be delivered again.</param>
    public static void Guard(
        IReceiveEndpointConfigurator endpoint, string queue, IServiceProvider services, Func<ReceiveContext, string, Task> answer,
        Predicate<Exception> isReturned)
    {
        MessageGuard guard = new(queue, services, answer, isReturned);
        endpoint.ConfigureReceive(pipe => pipe.UseFilter(new Size(guard)));
        endpoint.ConfigureError(pipe => pipe.UseFilter(new Fault(guard)));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(new Skipped(guard)));
    }

    private async Task RefuseAsync(ReceiveContext context, string reason, string message)
    {
        BrokerTelemetry.CountRefused(queue, reason);
        if (reason != Failed && IsToTell(out long others))
        {
            log.LogWarning(
                "A message in {Queue} was refused ({Reason}; {Others} others since the last such line): {What}",
                queue, reason, others, message);
        }

        await answer(context, message);
    }

    private bool IsToTell(out long others)
    {
        lock (gate)
        {
            others = untold;
            if (told is { } before && time.GetElapsedTime(before) < LogEvery)
            {
                untold++;
                return false;
            }

            told = time.GetTimestamp();
            untold = 0;
            return true;
        }
    }

    private static string ReasonOf(ExceptionReceiveContext context)
    {
        for (Exception? error = context.Exception; error is not null; error = error.InnerException)
        {
            if (error is InvalidMessageException)
                return Invalid;
            if (error is JsonException or SerializationException)
                return Unreadable;
        }

        return context.TryGetPayload<ConsumeContext>(out _) ? Failed : Unreadable;
    }

    /// <summary>Before anything of the body is looked at.</summary>
    private sealed class Size(MessageGuard guard) : IFilter<ReceiveContext>
    {
        public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => context.Body.Length is long length && length > BodyBytesMax
            ? guard.RefuseAsync(context, Oversized, $"The message has {length} bytes; at most {BodyBytesMax} are read.")
            : next.Send(context);

        public void Probe(ProbeContext context) => context.CreateFilterScope("size");
    }

    /// <summary>
    /// Reading or handling it failed. What is thrown here makes the transport refuse it, so that the broker delivers it again.
    /// </summary>
    private sealed class Fault(MessageGuard guard) : IFilter<ExceptionReceiveContext>
    {
        public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
        {
            string reason = ReasonOf(context);
            if (reason == Failed && guard.isReturned(context.Exception))
                ExceptionDispatchInfo.Throw(context.Exception);
            if (reason == Failed)
                guard.log.LogError(context.Exception, "A message in {Queue} could not be handled.", guard.queue);
            return guard.RefuseAsync(
                context, reason, $"The message could not be handled: {context.Exception.GetBaseException().Message}");
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("fault");
    }

    /// <summary>Nobody reads its type here; or it is JSON and no message, such as <c>null</c>.</summary>
    private sealed class Skipped(MessageGuard guard) : IFilter<ReceiveContext>
    {
        public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) =>
            guard.RefuseAsync(context, Unknown, "The message is empty or of a type that is not read here.");

        public void Probe(ProbeContext context) => context.CreateFilterScope("skipped");
    }
}
