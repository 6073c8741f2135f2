namespace Upweave.EndToEnd.Tests.Support;

/// <summary>
/// One input channel to one output channel over two axes, in double and by scattering: every input element adds its products
/// to a canvas as large as the kernels reach, and the output is cut out of the canvas. Knows nothing of tiles or phases.
/// </summary>
internal static class ConvTransposeOracle
{
    /// <summary>The extent that the kernels cover, output padding included.</summary>
    public static long Covered(long input, long kernel, long stride, long dilation, long outputPadding) =>
        (stride * (input - 1)) + (dilation * (kernel - 1)) + 1 + outputPadding;

    /// <param name="begins">Elements cut off before each axis.</param>
    /// <param name="output">Extents of the output; what the canvas does not have is 0.</param>
    public static double[] Compute(
        NpyArray input, NpyArray kernel, long[] strides, long[] dilations, long[] begins, long[] output)
    {
        double[] result = new double[output[0] * output[1]];
        (float[] x, float[] w) = (input.Floats, kernel.Floats);
        (long width, long kernelWidth) = (input.Shape[^1], kernel.Shape[^1]);
        for (long element = 0; element < x.Length; element++)
        {
            for (long tap = 0; tap < w.Length; tap++)
            {
                long row = (element / width * strides[0]) + (tap / kernelWidth * dilations[0]) - begins[0];
                long column = (element % width * strides[1]) + (tap % kernelWidth * dilations[1]) - begins[1];
                if (row >= 0 && row < output[0] && column >= 0 && column < output[1])
                    result[(row * output[1]) + column] += (double)x[element] * w[tap];
            }
        }

        return result;
    }
}
