using System.Runtime.InteropServices;
using Upweave.Bench.Shapes;
using Upweave.Tiling;
using static TorchSharp.torch;

namespace Upweave.Bench.Contestants;

/// <summary>
/// libtorch's functional conv_transpose, without gradients. Input and weights are converted to its layout once. It has no way
/// to write to memory of the caller's: the output is allocated by each call, as for everyone who uses it.
/// </summary>
internal sealed class TorchContestant : IContestant
{
    private readonly ShapeRow row;
    private readonly Tensor x;
    private readonly Tensor w;
    private readonly long[] pads;
    private readonly long[] outputPads;
    private readonly (long Begin, long End)[] crops;
    private Tensor? y;
    private float[] copy = [];

    public TorchContestant(RowData data, bool channelsLast)
    {
        row = data.Row;
        Name = channelsLast ? "torch-cl" : "torch";
        ConvTransposeGeometry geometry = row.Layer.Geometry;
        x = Make(data.Input.Floats, row.InputShape, channelsLast);
        w = Make(data.Weights.Floats, row.Layer.WeightShape, channelsLast);
        // Pads of an axis are one number in torch: what the larger one cuts more is cut from the result, without a copy.
        pads = [.. Enumerable.Range(0, geometry.Rank).Select(axis => Math.Min(geometry.PadsBegin[axis], geometry.PadsEnd[axis]))];
        crops = [.. pads.Select((pad, axis) => (geometry.PadsBegin[axis] - pad, geometry.PadsEnd[axis] - pad))];
        outputPads = geometry.OutputPadding.ToArray();
        for (int axis = 0; axis < geometry.Rank; axis++)
        {
            long less = Math.Min(outputPads[axis], crops[axis].End);
            outputPads[axis] -= less;
            crops[axis].End -= less;
        }
    }

    public string Name { get; }

    public void Run()
    {
        y?.Dispose();
        using (no_grad())
        {
            y = Crop(Compute());
        }
    }

    public ReadOnlySpan<float> Output()
    {
        using Tensor dense = y!.contiguous();
        copy = MemoryMarshal.Cast<byte, float>(dense.bytes).ToArray();
        return copy;
    }

    public void Dispose()
    {
        y?.Dispose();
        x.Dispose();
        w.Dispose();
    }

    private Tensor Compute()
    {
        long[] strides = row.Layer.Geometry.Strides.ToArray();
        long[] dilations = row.Layer.Geometry.Dilations.ToArray();
        int groups = row.Layer.Groups;
        return strides.Length switch
        {
            1 => nn.functional.conv_transpose1d(x, w, null, strides[0], pads[0], outputPads[0], dilations[0], groups),
            2 => nn.functional.conv_transpose2d(x, w, null, strides, pads, outputPads, dilations, groups),
            _ => nn.functional.conv_transpose3d(x, w, null, strides, pads, outputPads, dilations, groups),
        };
    }

    private Tensor Crop(Tensor whole)
    {
        Tensor result = whole;
        for (int axis = 0; axis < crops.Length; axis++)
        {
            if (crops[axis] == (0, 0))
                continue;
            Tensor narrowed = result.narrow(axis + 2, crops[axis].Begin, row.Output[axis]);
            result.Dispose();
            result = narrowed;
        }

        return result;
    }

    /// <summary>Channels-last is a dense tensor [N, in..., C] seen as [N, C, in...].</summary>
    private static Tensor Make(ReadOnlySpan<float> numbers, Dims shape, bool channelsLast)
    {
        Tensor dense = empty(shape.ToArray(), dtype: ScalarType.Float32);
        MemoryMarshal.AsBytes(numbers).CopyTo(dense.bytes);
        if (!channelsLast)
            return dense;
        using (dense)
        {
            int rank = shape.Count;
            long[] last = [0, .. Enumerable.Range(2, rank - 2).Select(axis => (long)axis), 1];
            long[] back = [0, rank - 1, .. Enumerable.Range(1, rank - 2).Select(axis => (long)axis)];
            using Tensor view = dense.permute(last);
            using Tensor moved = view.contiguous();
            return moved.permute(back);
        }
    }
}
