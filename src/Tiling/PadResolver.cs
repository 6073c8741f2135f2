using static Upweave.Tiling.IntegerMath;

namespace Upweave.Tiling;

/// <summary>ONNX's <c>auto_pad</c>.</summary>
public enum AutoPad
{
    /// <summary>Pads are given, 0 where they are not.</summary>
    NotSet,

    /// <summary>Output = input * stride; an odd cell of padding goes to the end.</summary>
    SameUpper,

    /// <summary>Output = input * stride; an odd cell of padding goes to the beginning.</summary>
    SameLower,

    /// <summary>No padding.</summary>
    Valid,
}

/// <summary>Turns <c>auto_pad</c> and <c>output_shape</c> into explicit pads.</summary>
public static class PadResolver
{
    /// <summary>
    /// Pads for a wanted output, by ONNX's formula: total = S*(in-1) + outputPadding + (K-1)*D + 1 - wanted. The begin
    /// takes floor(total / 2) with <see cref="AutoPad.SameUpper"/> and total - floor(total / 2) otherwise. Where the
    /// wanted output is larger than what the kernels cover (total is negative), the extension goes to the end whole.
    /// </summary>
    /// <param name="unpadded">The layer with pads of 0.</param>
    /// <param name="outputShape">The wanted spatial extents; null: input * stride.</param>
    public static ConvTransposeGeometry Resolve(ConvTransposeGeometry unpadded, AutoPad mode, Dims? outputShape)
    {
        if (outputShape is null && (mode is AutoPad.NotSet or AutoPad.Valid))
            return unpadded;
        Dims wanted = outputShape
            ?? Dims.Build(unpadded.Rank, axis => checked(unpadded.Input[axis] * unpadded.Strides[axis]));
        Dims full = unpadded.Output;
        Dims total = Dims.Build(unpadded.Rank, axis => checked(full[axis] - wanted[axis]));
        long Begin(long pads) => pads < 0 ? 0 : mode == AutoPad.SameUpper ? FloorDiv(pads, 2) : pads - FloorDiv(pads, 2);
        return unpadded with
        {
            PadsBegin = Dims.Build(unpadded.Rank, axis => Begin(total[axis])),
            PadsEnd = Dims.Build(unpadded.Rank, axis => total[axis] - Begin(total[axis])),
        };
    }
}
