namespace Upweave.EndToEnd.Tests.Servers;

/// <summary>Tests that share the servers. They run one after the other, so that none sees another's queues at work.</summary>
[CollectionDefinition(Name)]
public sealed class ServersCollection : ICollectionFixture<ServersFixture>
{
    public const string Name = "Servers";
}
