using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>
/// Passes TCP connections on to a server on this machine and counts the bytes that come back from it and go to it. It can be cut, as a
/// network is, and can hold the request that has a text in it: for good, or when the server has carried it out.
/// </summary>
public sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Task accepting;
    private readonly int server;
    private readonly Lock gate = new();
    private readonly HashSet<TcpClient> open = [];
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isCut;
    private (byte[] Text, bool IsCarriedOut)? hold;
    private long received;
    private long sent;

    public CountingProxy(int server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Bytes from the server so far.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Bytes to the server so far.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Ends all connections, and every new one at once.</summary>
    public void Cut()
    {
        lock (gate)
        {
            isCut = true;
            foreach (TcpClient client in open)
            {
                client.Close();
            }
        }
    }

    /// <summary>Lets new connections through again.</summary>
    public void Mend()
    {
        lock (gate)
        {
            isCut = false;
        }
    }

    /// <summary>Holds the first request with this text: neither it nor its answer arrives.</summary>
    /// <param name="isCarriedOut">The server gets the request, and only its answer is held.</param>
    /// <returns>Completes when it is held.</returns>
    public Task HoldAsync(string text, bool isCarriedOut)
    {
        hold = (Encoding.ASCII.GetBytes(text), isCarriedOut);
        return held.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await accepting;
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(PassAsync(await listener.AcceptTcpClientAsync(ending.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using TcpClient from = client;
        using TcpClient to = new();
        TaskCompletionSource answers = new();
        answers.SetResult();
        Connection connection = new() { Answers = answers };
        lock (gate)
        {
            if (isCut)
                return;
            open.Add(from);
        }

        try
        {
            await to.ConnectAsync(IPAddress.Loopback, server, ending.Token);
            await Task.WhenAny(
                CopyAsync(from, to, bytes => SendAsync(bytes, connection)),
                CopyAsync(to, from, bytes => ReceiveAsync(bytes, connection)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test ends, or one side is gone: so is the connection.
        }
        finally
        {
            lock (gate)
            {
                open.Remove(from);
            }
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, Connection connection)
    {
        Interlocked.Add(ref sent, bytes.Length);
        if (hold is not { } caught || bytes.Span.IndexOf(caught.Text) < 0)
            return;
        hold = null;
        connection.Answers = new TaskCompletionSource(); // never completed
        if (caught.IsCarriedOut)
            return;
        held.TrySetResult();
        await connection.Answers.Task.WaitAsync(ending.Token);
    }

    private async Task ReceiveAsync(ReadOnlyMemory<byte> bytes, Connection connection)
    {
        Interlocked.Add(ref received, bytes.Length);
        if (connection.Answers.Task.IsCompleted)
            return;
        held.TrySetResult();
        await connection.Answers.Task.WaitAsync(ending.Token);
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, Task> look)
    {
        byte[] buffer = new byte[64 << 10];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer, ending.Token)) > 0)
            {
                await look(buffer.AsMemory(0, read));
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), ending.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side has hung up.
        }
    }

    private sealed class Connection
    {
        /// <summary>Completed while answers are passed on.</summary>
        public required TaskCompletionSource Answers { get; set; }
    }
}
