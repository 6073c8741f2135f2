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
    private const string Returned = "returned";

    /// <summary>Lines of the log are not what a flood of messages should fill.</summary>
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(5);

    private readonly string queue;
    private readonly Func<ReceiveContext, string, Task> answer;
    private readonly Predicate<Exception> isReturned;
    private readonly ILogger log;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long At, long Since)> told = [];

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
        // One that could not be read passes here again, since nobody has taken it.
        if (context.TryGetPayload<Refusal>(out _))
            return;
        context.AddOrUpdatePayload(() => new Refusal(), refusal => refusal);
        BrokerTelemetry.CountRefused(queue, reason);
        Tell(reason, "was refused", message, (context as ExceptionReceiveContext)?.Exception);
        await answer(context, message);
    }

    private void Tell(string reason, string what, string message, Exception? error)
    {
        long others;
        lock (gate)
        {
            (long at, others) = told.GetValueOrDefault(reason, (long.MinValue, 0));
            if (at != long.MinValue && time.GetElapsedTime(at) < LogEvery)
            {
                told[reason] = (at, others + 1);
                return;
            }

            told[reason] = (time.GetTimestamp(), 0);
        }

        // What is not understood is told with all that is known of it.
        log.Log(
            reason == Failed ? LogLevel.Error : LogLevel.Warning, reason == Failed ? error : null,
            "A message in {Queue} {What} ({Reason}; {Others} others since the last such line): {Message}",
            queue, what, reason, others, message);
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

        return Failed;
    }

    /// <summary>Says of a message that it was refused.</summary>
    private sealed class Refusal;

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
            {
                guard.Tell(Returned, "goes back", context.Exception.GetBaseException().Message, error: null);
                ExceptionDispatchInfo.Throw(context.Exception);
            }

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
