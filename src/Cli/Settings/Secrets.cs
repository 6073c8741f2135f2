using System.Text.RegularExpressions;

namespace Upweave.Cli.Settings;

/// <summary>Keeps credentials out of what the program writes: addresses of brokers and values of stores may hold them.</summary>
internal static partial class Secrets
{
    /// <summary>The text with the user part of addresses and the secret fields of connection strings replaced by <c>***</c>.</summary>
    public static string Mask(string text) => Field().Replace(UserInfo().Replace(text, "://***@"), "${name}=***");

    // Up to the last '@': a password that was not escaped may hold one, or a '/'. What hints show is no secret.
    [GeneratedRegex(@"://(?!user:password@)[^\s'""]*@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(?<name>\b(AccountKey|SharedAccessSignature|SharedAccessKey|Password|sig))=[^;\s'""]*", RegexOptions.IgnoreCase)]
    private static partial Regex Field();
}
