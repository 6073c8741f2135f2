using System.Net;
using System.Net.Sockets;

namespace Upweave.Tests.Servers;

/// <summary>Ports of the loopback address that nothing listens on.</summary>
internal static class FreePort
{
    /// <summary>
    /// Below what Linux hands out to outgoing connections (32768 and up), so that none of those takes the port between
    /// here and the start of the server.
    /// </summary>
    private const int First = 15000;
    private const int End = 30000;
    private const int TriesMax = 1000;

    private static readonly HashSet<int> Taken = [];

    /// <summary>A port that was free just now; never the same one twice in a process.</summary>
    /// <exception cref="InvalidOperationException">None was found.</exception>
    public static int Next()
    {
        lock (Taken)
        {
            for (int i = 0; i < TriesMax; i++)
            {
                int port = Random.Shared.Next(First, End);
                if (!Taken.Contains(port) && IsFree(port))
                {
                    Taken.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No port from {First} to {End - 1} of 127.0.0.1 is free ({TriesMax} were tried).");
    }

    /// <summary>Whether nothing listens there.</summary>
    public static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
