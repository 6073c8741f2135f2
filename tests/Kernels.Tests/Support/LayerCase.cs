using Upweave.Tiling;

namespace Upweave.Kernels.Tests.Support;

/// <summary>
/// A layer with its weights, bias and whole input [Cin, spatial], and ways to compute boxes of its output.
/// </summary>
internal sealed record LayerCase(ConvTransposeLayer Layer, float[] Weights, float[] Bias, float[] Input)
{
    public Box WholeOutput => Box.Whole(Layer.Geometry.Output);

    /// <summary>The oracle: the definition over the whole input.</summary>
    public float[] Define(Box outputBox)
    {
        float[] output = new float[Layer.OutputChannels * outputBox.Volume];
        ConvTransposeDefinition.Compute(
            Layer, Weights, Bias, Input, Box.Whole(Layer.Geometry.Input), output, outputBox, CancellationToken.None);
        return output;
    }

    /// <summary>A technique over the padded input of exactly the read region.</summary>
    public float[] Compute(string technique, Box outputBox)
    {
        using IConvTransposeKernel kernel = KernelSelector.Create(technique, Layer, Weights, Bias);
        return Compute(kernel, outputBox);
    }

    public float[] Compute(IConvTransposeKernel kernel, Box outputBox) =>
        Compute(kernel, outputBox, KernelSelector.WorkspaceLength(kernel.Technique, Layer, outputBox.Shape));

    /// <summary>The same for a kernel that takes so many floats of workspace.</summary>
    public float[] Compute(IConvTransposeKernel kernel, Box outputBox, long workspaceLength)
    {
        Box inputBox = Layer.Geometry.ReadRegion(outputBox);
        float[] output = new float[Layer.OutputChannels * outputBox.Volume];
        Array.Fill(output, float.NaN);
        float[] workspace = new float[workspaceLength];
        Array.Fill(workspace, float.NaN);
        kernel.Compute(PaddedInput(inputBox), inputBox, output, outputBox, 1, workspace, CancellationToken.None);
        return output;
    }

    /// <summary>[Cin, box...], with positions outside the array as the layer's border says.</summary>
    public float[] PaddedInput(Box box)
    {
        Dims extents = Layer.Geometry.Input;
        float[] padded = new float[Layer.InputChannels * box.Volume];
        int next = 0;
        for (int channel = 0; channel < Layer.InputChannels; channel++)
        {
            foreach (long[] position in Positions(box))
                padded[next++] = Element(channel, position, extents);
        }

        return padded;
    }

    /// <summary>All positions of a box in C order; the array is reused.</summary>
    public static IEnumerable<long[]> Positions(Box box)
    {
        if (box.IsEmpty)
            yield break;
        long[] position = box.Origin.ToArray();
        int axis;
        do
        {
            yield return position;
            for (axis = box.Rank - 1; axis >= 0 && ++position[axis] == box.End(axis); axis--)
                position[axis] = box.Origin[axis];
        }
        while (axis >= 0);
    }

    private float Element(int channel, long[] position, Dims extents)
    {
        long index = channel;
        for (int axis = 0; axis < position.Length; axis++)
        {
            long at = position[axis];
            bool inside = at >= 0 && at < extents[axis];
            if (!inside && Layer.Border == Border.Zero)
                return 0f;
            index = (index * extents[axis]) + Math.Clamp(at, 0, extents[axis] - 1);
        }

        return Input[index];
    }
}
