using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

public sealed class TileErrorsTests
{
    public static TheoryData<Exception, TileErrorKind, string> Errors => new()
    {
        { new InvalidArrayException("bad", "mend it"), TileErrorKind.Invalid, "bad hint: mend it" },
        { new InvalidArrayException("bad"), TileErrorKind.Invalid, "bad" },
        { new ObjectChangedException("other"), TileErrorKind.Invalid, "other" },
        { new CorruptDataException("torn"), TileErrorKind.Corrupt, "torn" },
        { new IOException("disk"), TileErrorKind.Transient, "disk" },
        { new InvalidOperationException("odd"), TileErrorKind.Transient, "InvalidOperationException: odd" },
        { new TimeoutException("slow"), TileErrorKind.Transient, "slow" },
        { new StoreUnavailableException("away"), TileErrorKind.Transient, "away" },
        { new UnknownPlanException("later"), TileErrorKind.Transient, "later" },
        { new IOException(new string('x', 3000)), TileErrorKind.Transient, new string('x', 2000) + "..." },
    };

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public void KindOf_Error_DecidesWhetherItIsTriedAgain(Exception error, TileErrorKind kind, string message)
    {
        Assert.Equal(kind, TileErrors.KindOf(error));
        Assert.Equal(message, TileErrors.MessageOf(error));
        Assert.Equal(error is StoreUnavailableException or UnknownPlanException, TileErrors.IsPostponed(error));
    }
}
