using Upweave.Storage.Azure;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Tests.Azure;

public sealed class StoreAddressTests
{
    private const string Key = "c2VjcmV0c2VjcmV0";
    private const string Sas = "sv=2025-11-05&sr=c&sp=rwdl&se=2099-01-01T00:00:00Z&sig=c2VjcmV0";
    private const string Account = "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=" + Key + ";EndpointSuffix=core.windows.net";

    [Theory]
    [InlineData("https://acc.blob.core.windows.net/things", "https://acc.blob.core.windows.net/things")]
    [InlineData("https://acc.blob.core.windows.net/things/", "https://acc.blob.core.windows.net/things")]
    [InlineData("https://acc.blob.core.windows.net/things/a/b/?" + Sas, "https://acc.blob.core.windows.net/things/a/b")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/things/a?" + Sas, "http://127.0.0.1:10000/devstoreaccount1/things/a")]
    [InlineData("http://azurite:10000/devstoreaccount1/things?" + Sas, "http://azurite:10000/devstoreaccount1/things")]
    [InlineData(Account + ";Container=things", "https://acc.blob.core.windows.net/things")]
    [InlineData("container=things;prefix=/a/b/;" + Account, "https://acc.blob.core.windows.net/things/a/b")]
    [InlineData("UseDevelopmentStorage=true;Container=things", "http://127.0.0.1:10000/devstoreaccount1/things")]
    [InlineData(
        "BlobEndpoint=https://acc.blob.core.windows.net;SharedAccessSignature=" + Sas + ";Container=things",
        "https://acc.blob.core.windows.net/things")]
    [InlineData(
        "BlobEndpoint=http://azurite:10000/devstoreaccount1;AccountName=devstoreaccount1;AccountKey=" + Key + ";Container=things",
        "http://azurite:10000/devstoreaccount1/things")]
    public void Open_ContainerAddressOrConnectionString_IsThatContainer(string address, string expected) =>
        Assert.Equal(expected, Assert.IsType<AzureBlobStore>(StoreAddress.Open("s", address)).ToString());

    [Theory]
    [InlineData("/data")]
    [InlineData("relative/folder")]
    [InlineData("/data/Container=x")]
    [InlineData("a=b")]
    public void Open_AnythingElse_IsAFolder(string address) => Assert.IsType<LocalStore>(StoreAddress.Open("s", address));

    [Theory]
    [InlineData("", "no address")]
    [InlineData("  ", "no address")]
    [InlineData("ftp://acc/things", "scheme")]
    [InlineData("https://", "is no address")]
    [InlineData("https://acc.blob.core.windows.net", "no container")]
    [InlineData("https://acc.blob.core.windows.net/Things", "'Things'")]
    [InlineData("https://acc.blob.core.windows.net/things/../other/..", "'..'|no container")]
    [InlineData("https://user:" + Key + "@acc.blob.core.windows.net/things", "user")]
    [InlineData("https://acc.blob.core.windows.net/things?key=" + Key, "no SAS")]
    [InlineData("http://acc.blob.core.windows.net/things?" + Sas, "http")]
    [InlineData("http://azurite:10000/devstoreaccount1/things", "no SAS")]
    [InlineData(Account, "no container")]
    [InlineData(Account + ";Container=x", "'x'")]
    [InlineData(Account + ";Container=a--b", "'a--b'")]
    [InlineData("AccountName=acc;AccountKey=" + Key + "%;Container=things", "malformed")]
    [InlineData("AccountKey=" + Key + ";Container=things", "malformed")]
    [InlineData("SharedAccessSignature=" + Sas + ";Container=things", "malformed")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=acc;AccountKey=" + Key + ";Container=things", "http")]
    [InlineData("UseDevelopmentStorage=maybe;Container=things", "malformed")]
    public void Open_Malformed_NamesTheStoreAndKeepsTheSecret(string address, string says)
    {
        InvalidArrayException error = Assert.Throws<InvalidArrayException>(
            () => new StoreCatalog(new Dictionary<string, string> { ["results"] = address }));
        Assert.Contains(says.Split('|'), part => error.Message.Contains(part, StringComparison.Ordinal));
        if (!says.Contains("..", StringComparison.Ordinal))
            Assert.Contains("'results'", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", error.ToString(), StringComparison.Ordinal);
    }
}
