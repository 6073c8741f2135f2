using System.Security.Cryptography;
using System.Text;

namespace Upweave.Coordinator.Http;

/// <summary>What those must show who use the API: <c>Authorization: Bearer TOKEN</c>.</summary>
/// <param name="token">Null: none is configured.</param>
internal sealed class ApiToken(string? token)
{
    private const string Scheme = "Bearer ";

    /// <summary>Hashes are as long as each other, so that comparing them tells nothing of the token, not even its length.</summary>
    private readonly byte[]? hash = token is null ? null : Hash(token);

    public bool IsConfigured => hash is not null;

    /// <summary>Whether the header of a request shows the token.</summary>
    public bool Accepts(string? authorization) =>
        hash is not null && authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(authorization[Scheme.Length..].Trim()), hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
