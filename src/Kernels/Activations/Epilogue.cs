using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Kernels.Activations;

/// <summary>Turns the totals of a row into its stored values, in place: bias, activation, canonical form.</summary>
internal static unsafe class Epilogue
{
    public static void Apply(Activation activation, float* row, int length, float bias)
    {
        switch (activation.Kind)
        {
            case ActivationKind.None: Run(default(Identity), row, length, bias); break;
            case ActivationKind.Relu: Run(default(Relu), row, length, bias); break;
            case ActivationKind.LeakyRelu: Run(new LeakyRelu(activation.Alpha), row, length, bias); break;
            case ActivationKind.Clip: Run(new Clip(activation.Minimum, activation.Maximum), row, length, bias); break;
            case ActivationKind.Sigmoid: Run(default(Sigmoid), row, length, bias); break;
            default: Run(default(Tanh), row, length, bias); break;
        }
    }

    /// <summary>
    /// Lanes hold eight consecutive elements; the remainder of fewer than eight is scalar, so nothing outside the row
    /// is touched.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFunction>(TFunction function, float* row, int length, float bias)
        where TFunction : struct, IActivationFunction
    {
        Vector256<float> biases = Vector256.Create(bias);
        float* end = row + length;
        for (; end - row >= Vector256<float>.Count; row += Vector256<float>.Count)
            Canonical.Of(function.Apply(Vector256.Load(row) + biases)).Store(row);
        for (; row < end; row++)
            *row = Canonical.Of(function.Apply(*row + bias));
    }
}
