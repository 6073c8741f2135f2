using Microsoft.Extensions.Options;
using Upweave.Planning;
using Upweave.Worker.Devices;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

public sealed class TileBufferPoolTests
{
    private static readonly TileFootprint Small = new(Input: 400, Output: 800, Workspace: 64, Raw: 800, Read: 0, Encoded: 0);

    [Fact]
    public async Task RentAsync_AllOut_WaitsForOneToComeBack()
    {
        using TileBufferPool pool = new(Options.Create(new WorkerOptions { Slots = 1 }), new ProcessorDevice());
        List<TileBuffers> rented = [];
        for (int number = 0; number < TileFootprint.TilesHeld(1); number++)
        {
            rented.Add(await pool.RentAsync(Small, TestContext.Current.CancellationToken));
        }

        Task<TileBuffers> another = pool.RentAsync(Small, TestContext.Current.CancellationToken).AsTask();
        Assert.False(another.IsCompleted);
        pool.Return(rented[0]);
        Assert.Same(rented[0], await another);
    }

    [Fact]
    public async Task RentAsync_LargerTile_GrowsTheBuffers()
    {
        using TileBufferPool pool = new(Options.Create(new WorkerOptions { Slots = 1 }), new ProcessorDevice());
        TileBuffers buffers = await pool.RentAsync(Small, TestContext.Current.CancellationToken);
        Assert.True(buffers.Input.Memory.Length >= 400 && buffers.Output.Memory.Length >= 800 && buffers.Raw.Memory.Length >= 800);
        pool.Return(buffers);
        buffers = await pool.RentAsync(Small with { Input = 4000 }, TestContext.Current.CancellationToken);
        Assert.True(buffers.Input.Memory.Length >= 4000);
        pool.Return(buffers);
    }

    [Fact]
    public async Task RentAsync_CannotBeHad_GivesTheSlotBack()
    {
        using TileBufferPool pool = new(Options.Create(new WorkerOptions { Slots = 1 }), new ProcessorDevice());
        for (int attempt = 0; attempt < 10; attempt++)
        {
            await Assert.ThrowsAsync<OverflowException>(
                () => pool.RentAsync(Small with { Output = 1L << 40 }, TestContext.Current.CancellationToken).AsTask());
        }

        TileBuffers buffers = await pool.RentAsync(Small, TestContext.Current.CancellationToken);
        buffers.Input.GetSpan().Fill(1); // nothing that was freed
        pool.Return(buffers);
    }
}
