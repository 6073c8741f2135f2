using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Upweave.Tests.Servers;

/// <summary>A certificate for servers of this machine, of an authority that nobody knows but whom the tests tell; for a day.</summary>
public sealed class ServerCertificate : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("upweave-tls-").FullName;

    public ServerCertificate()
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authority = new("CN=Upweave test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 root = authority.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest server = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        using X509Certificate2 certificate = server.Create(root, now.AddHours(-1), now.AddHours(23), [1, 2, 3]);
        File.WriteAllText(Authority, root.ExportCertificatePem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The authority's certificate, which whoever trusts the server is told of: a PEM file.</summary>
    public string Authority => Path.Combine(folder, "authority.pem");

    /// <summary>The server's certificate: a PEM file.</summary>
    public string Certificate => Path.Combine(folder, "server.pem");

    /// <summary>Its key: a PEM file.</summary>
    public string Key => Path.Combine(folder, "server.key");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
