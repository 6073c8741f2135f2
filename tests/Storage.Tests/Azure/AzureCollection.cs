namespace Upweave.Storage.Tests.Azure;

/// <summary>Tests that share a blob service.</summary>
[CollectionDefinition(Name)]
public sealed class AzureCollection : ICollectionFixture<AzureFixture>
{
    public const string Name = "Azure";
}
