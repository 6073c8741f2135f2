using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tests.Arrays;

public sealed class ChunkCacheTests
{
    private const int Chunk = 7;

    private readonly ChunkCache cache = new(1 << 10);

    private readonly TaskCompletionSource<CancellationToken> begun = new();
    private readonly TaskCompletionSource cancelled = new();

    /// <summary>What the load gives, once it has ended.</summary>
    private readonly TaskCompletionSource<byte[]?> content = new();

    private int loads;

    [Fact]
    public async Task GetAsync_OneOfTwoGivesUp_TheOtherGetsTheChunk()
    {
        using CancellationTokenSource stopped = new();
        Task<byte[]?> first = GetUntilAsync(stopped.Token);
        Task<byte[]?> second = GetSharedAsync();
        CancellationToken load = await begun.Task;

        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(load.IsCancellationRequested);
        content.SetResult([1, 2]);

        Assert.Equal([1, 2], await second);
        Assert.Equal([1, 2], await GetSharedAsync());
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task GetAsync_AllGiveUp_TheLoadIsCancelledAndHasEndedWhenTheLastReturns()
    {
        using CancellationTokenSource stopped = new();
        Task<byte[]?>[] all = [GetUntilAsync(stopped.Token), GetUntilAsync(stopped.Token)];
        CancellationToken load = await begun.Task;

        await stopped.CancelAsync();
        await cancelled.Task;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAny(all).Unwrap());
        Task<byte[]?> last = Assert.Single(all, waiting => !waiting.IsCompleted);
        content.SetCanceled(load);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
    }

    [Fact]
    public async Task GetAsync_AfterAllGaveUp_LoadsAnew()
    {
        using CancellationTokenSource stopped = new();
        Task<byte[]?> first = GetUntilAsync(stopped.Token);
        await stopped.CancelAsync();
        await cancelled.Task;

        Assert.Equal([3], await GetOtherAsync());

        content.SetResult([1]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal([3], await GetSharedAsync());
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task GetAsync_ALoadThatFails_IsToldToAllWhoWaitAndNotKept()
    {
        Task<byte[]?>[] all = [GetSharedAsync(), GetSharedAsync()];
        content.SetException(new CorruptDataException("Bad."));
        foreach (Task<byte[]?> waiting in all)
        {
            await Assert.ThrowsAsync<CorruptDataException>(() => waiting);
        }

        Assert.Equal([3], await GetOtherAsync());
        Assert.Equal(1, loads);
    }

    private Task<byte[]?> GetSharedAsync() => GetUntilAsync(TestContext.Current.CancellationToken);

    private Task<byte[]?> GetUntilAsync(CancellationToken stopped) => cache.GetAsync(Chunk, LoadAsync, stopped).AsTask();

    private Task<byte[]?> GetOtherAsync() =>
        cache.GetAsync(Chunk, _ => Task.FromResult<byte[]?>([3]), TestContext.Current.CancellationToken).AsTask();

    private Task<byte[]?> LoadAsync(CancellationToken cancellationToken)
    {
        loads++;
        begun.SetResult(cancellationToken);
        cancellationToken.Register(cancelled.SetResult);
        return content.Task;
    }
}
