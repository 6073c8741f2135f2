using System.Runtime.ExceptionServices;
using NetVips;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Pictures;

/// <summary>
/// What libvips writes from a picture's beginning to its end, cut into blocks of a staged file. One block is in memory; it is staged as
/// soon as it is full.
/// </summary>
internal sealed class StagedTarget : IDisposable
{
    public const int BlockBytes = 8 << 20;

    private readonly IStagedFile file;
    private readonly CancellationToken cancellationToken;
    private readonly TargetCustom native = new();
    private readonly List<StagedBlock> staged = [];
    private readonly byte[] block = new byte[BlockBytes];
    private int filled;
    private ExceptionDispatchInfo? failure;

    public StagedTarget(IStagedFile file, CancellationToken cancellationToken)
    {
        this.file = file;
        this.cancellationToken = cancellationToken;
        native.OnWrite += Write;
    }

    public Target Native => native;

    /// <summary>Throws what a callback met, if it met anything: exceptions must not cross native frames.</summary>
    public void ThrowIfFailed() => failure?.Throw();

    /// <summary>Stages what is still in memory.</summary>
    /// <returns>All blocks, in order.</returns>
    public IReadOnlyList<StagedBlock> Complete()
    {
        if (filled > 0)
            Stage();
        return staged;
    }

    public void Dispose() => native.Dispose();

    private long Write(byte[] buffer, int count)
    {
        try
        {
            ReadOnlySpan<byte> content = buffer.AsSpan(0, count);
            while (!content.IsEmpty)
            {
                int part = Math.Min(block.Length - filled, content.Length);
                content[..part].CopyTo(block.AsSpan(filled));
                content = content[part..];
                filled += part;
                if (filled == block.Length)
                    Stage();
            }

            return count;
        }
        catch (Exception exception)
        {
            failure ??= ExceptionDispatchInfo.Capture(exception);
            return -1;
        }
    }

    private void Stage()
    {
        StagedBlock full = new(staged.Count, (long)staged.Count * BlockBytes, filled);
        file.StageAsync(full, block.AsMemory(0, filled), cancellationToken).AsTask().GetAwaiter().GetResult();
        staged.Add(full);
        filled = 0;
    }
}
