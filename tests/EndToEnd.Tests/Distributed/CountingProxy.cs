using System.Net;
using System.Net.Sockets;

namespace Upweave.EndToEnd.Tests.Distributed;

/// <summary>Passes TCP connections on to a server on this machine and counts the bytes that come back from it and go to it.</summary>
public sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Task accepting;
    private readonly int server;
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
        try
        {
            await to.ConnectAsync(IPAddress.Loopback, server, ending.Token);
            await Task.WhenAny(
                CopyAsync(from, to, count => Interlocked.Add(ref sent, count)),
                CopyAsync(to, from, count => Interlocked.Add(ref received, count)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test ends, or one side is gone: so is the connection.
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Action<int> count)
    {
        byte[] buffer = new byte[64 << 10];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer, ending.Token)) > 0)
            {
                count(read);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), ending.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side has hung up.
        }
    }
}
