using Azure.Storage.Blobs;
using Upweave.Storage.Azure;
using Upweave.Storage.Stores;
using Upweave.Storage.Tests.Stores;

namespace Upweave.Storage.Tests.Azure;

[Collection(AzureCollection.Name)]
public sealed class AzureBlobStoreTests(AzureFixture azure) : ObjectStoreContract
{
    private readonly BlobContainerClient container = azure.NewContainer();

    protected override IObjectStore Reopen() => new AzureBlobStore(container, "some/prefix");
}
