using System.Diagnostics;
using System.Runtime.InteropServices;
using Upweave.Contracts.Messages;
using Upweave.Planning;
using Upweave.ServiceDefaults;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Worker.Jobs;

namespace Upweave.Worker.Tiles;

/// <summary>Computes a tile: reads its box, runs the kernel, encodes, writes.</summary>
public sealed class TileService(TileBufferPool pool, ComputeThreads threads, TimeProvider time)
{
    /// <summary>Durable in the output store on return. The current span is the tile's, if somebody listens.</summary>
    public async Task<TileCosts> ComputeAsync(JobContext job, long tile, CancellationToken cancellationToken)
    {
        TileBoxes boxes = job.Geometry.Boxes(tile);
        Activity? span = Activity.Current;
        if (span is { IsAllDataRequested: true })
            span.SetTag(TelemetryNames.TileBox, boxes.Array.ToString());
        int readBytes = checked((int)(boxes.Read.Volume * job.Geometry.InputType.Size()));
        TileBuffers buffers = await pool.RentAsync(job.Footprint, cancellationToken);
        try
        {
            Memory<byte> stored = buffers.Raw.Memory[..readBytes];
            double readSeconds;
            using (TilePhase phase = TilePhase.Start("read", span, WorkerTelemetry.ReadDuration, time))
            {
                if (readBytes > 0)
                    await job.Reader.ReadStoredAsync(boxes.Read, stored, cancellationToken);
                readSeconds = phase.Complete();
            }

            double computeSeconds = 0;
            using EncodedTile encoded = await threads.RunAsync(
                () =>
                {
                    using TilePhase phase = TilePhase.Start("compute", span, WorkerTelemetry.ComputeDuration, time);
                    EncodedTile result = Compute(job, tile, boxes, stored, buffers, cancellationToken);
                    computeSeconds = phase.Complete(job.Device);
                    return result;
                },
                cancellationToken);

            double writeSeconds;
            using (TilePhase phase = TilePhase.Start("write", span, WorkerTelemetry.WriteDuration, time))
            {
                await job.Writer.WriteAsync(encoded, cancellationToken);
                writeSeconds = phase.Complete();
            }

            long written = boxes.Array.Volume * job.Geometry.OutputType.Size();
            return new TileCosts(readSeconds, computeSeconds, writeSeconds, readBytes, written);
        }
        finally
        {
            pool.Return(buffers);
        }
    }

    private static EncodedTile Compute(
        JobContext job, long tile, TileBoxes boxes, ReadOnlyMemory<byte> stored, TileBuffers buffers, CancellationToken cancellationToken)
    {
        PlanGeometry geometry = job.Geometry;
        Span<float> input = buffers.InputFloats[..checked((int)(boxes.Region.Volume * geometry.Layer.InputChannels))];
        InputBox.Fill(
            stored.Span, geometry.InputType, job.Reader.StoredBigEndian, geometry.Layer.InputChannels, boxes.Needed, boxes.Region,
            geometry.Layer.Border, input);
        int bytes = checked((int)(boxes.Array.Volume * geometry.OutputType.Size()));
        if (geometry.OutputType == ElementType.Float32 && BitConverter.IsLittleEndian)
        {
            Memory<byte> output = buffers.Output.Memory[..bytes];
            job.Kernel.Compute(
                input, boxes.Region, MemoryMarshal.Cast<byte, float>(output.Span), boxes.Spatial, batch: 1, buffers.Workspace.Floats,
                cancellationToken);
            return job.Writer.Encode(tile, output);
        }

        Memory<byte> elements = buffers.Raw.Memory[..bytes];
        OutputBands.Compute(
            job.Kernel, job.Bands, input, boxes.Region, boxes.Spatial, geometry.Layer.OutputChannels, geometry.OutputType,
            buffers.OutputFloats, buffers.Workspace.Floats, elements.Span, cancellationToken);
        return job.Writer.Encode(tile, elements);
    }
}
