using System.Net.Sockets;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Upweave.Cli.Settings;
using static RabbitMQ.Client.Constants;

namespace Upweave.Cli.Remote;

/// <summary>Puts what RabbitMQ's client throws into words.</summary>
internal static class BrokerErrors
{
    /// <summary>True for what the client throws when something is wrong with the connection rather than with this program.</summary>
    public static bool IsOfBroker(Exception error) =>
        error is RabbitMQClientException or IOException or SocketException or TimeoutException or OperationCanceledException;

    /// <summary>There is no connection to be had.</summary>
    public static BrokerException Unreachable(BrokerAddress address, Exception error)
    {
        Exception cause = error.GetBaseException();
        return cause switch
        {
            AuthenticationFailureException or PossibleAuthenticationFailureException => new BrokerException(
                $"The broker at {address} does not accept the user or the password. hint: {Hint}", error),
            OperationInterruptedException { ShutdownReason.ReplyCode: NotAllowed or AccessRefused } refused => new BrokerException(
                $"The broker at {address} refuses: {refused.ShutdownReason!.ReplyText}. hint: give the user access to this virtual "
                + "host, and the permissions to configure, write and read", error),
            OperationCanceledException or TimeoutException => new BrokerException(
                $"The broker at {address} did not answer in time. hint: is it RabbitMQ? {Hint}", error),
            _ => new BrokerException(
                $"The broker at {address} cannot be reached: {cause.Message.TrimEnd('.')}. hint: {Hint}", error),
        };
    }

    /// <summary>An operation on a connection has failed.</summary>
    public static BrokerException Of(BrokerAddress address, Exception error) => error switch
    {
        PublishReturnException => NoCoordinator(address, error),
        OperationInterruptedException { ShutdownReason.ReplyCode: NotFound } => NoCoordinator(address, error),
        OperationInterruptedException { ShutdownReason.ReplyCode: AccessRefused } refused => new BrokerException(
            $"The broker at {address} refuses: {refused.ShutdownReason!.ReplyText}. hint: give the user the permissions to configure, "
            + "write and read", error),
        PublishException => new BrokerException(
            $"The broker at {address} does not take the request: too many wait already. hint: is a coordinator running?", error),
        _ => new BrokerLostException($"The connection to the broker at {address} was lost: {error.GetBaseException().Message}", error),
    };

    /// <summary>A connection has ended by itself.</summary>
    public static BrokerLostException Lost(BrokerAddress address, ShutdownEventArgs reason) =>
        new($"The connection to the broker at {address} was lost: {reason.ReplyText}", reason.Exception);

    private const string Hint = "give --broker amqp://user:password@host:5672/, or set Upweave__Broker";

    private static BrokerException NoCoordinator(BrokerAddress address, Exception error) => new(
        $"No coordinator has connected to the broker at {address} yet. hint: start one with the same broker and virtual host", error);
}
