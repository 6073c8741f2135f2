using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;
using Upweave.Worker.Jobs;
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
        {
            new WorkerMemoryException("The plan of s/y", 100, 3, new WorkerOptions { Name = "w", Slots = 1, MemoryBytes = 99 }), TileErrorKind.Transient,
            "The plan of s/y takes 100 bytes with 3 tiles at a time; worker w has 99 bytes and 1 slot(s). hint: give such workers more memory "
            + "(Upweave__Worker__Memory, or --memory) or fewer slots (Upweave__Worker__Slots, or --workers), or submit the job with a smaller --tile"
        },
        { new IOException(new string('x', 3000)), TileErrorKind.Transient, new string('x', 2000) + "..." },
    };

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public void KindOf_Error_DecidesWhetherItIsTriedAgain(Exception error, TileErrorKind kind, string message)
    {
        Assert.Equal(kind, TileErrors.KindOf(error));
        Assert.Equal(message, TileErrors.MessageOf(error));
        Assert.Equal(error is StoreUnavailableException or UnknownPlanException or WorkerMemoryException, TileErrors.IsPostponed(error));
    }
}
