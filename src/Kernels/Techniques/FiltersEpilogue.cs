using System.Runtime.CompilerServices;
using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;

namespace Upweave.Kernels.Techniques;

/// <summary>Bias, activation and canonical form for totals whose lanes have a bias and a slope each, in place.</summary>
internal static unsafe class FiltersEpilogue<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <param name="totals">[position][lane]</param>
    /// <param name="bias">[lane]</param>
    /// <param name="slopes">[lane], of prelu.</param>
    /// <param name="lanes">Whole vectors.</param>
    public static void Apply(Activation activation, float* totals, int positions, float* bias, float* slopes, int lanes)
    {
        switch (activation.Kind)
        {
            case ActivationKind.None: Run(default(Identity), totals, positions, bias, lanes); break;
            case ActivationKind.Relu: Run(default(Relu), totals, positions, bias, lanes); break;
            case ActivationKind.LeakyRelu: Run(new LeakyRelu(activation.Alpha), totals, positions, bias, lanes); break;
            case ActivationKind.PRelu: RunSlopes(totals, positions, bias, slopes, lanes); break;
            case ActivationKind.Clip: Run(new Clip(activation.Minimum, activation.Maximum), totals, positions, bias, lanes); break;
            case ActivationKind.Sigmoid: Run(default(Sigmoid), totals, positions, bias, lanes); break;
            case ActivationKind.Tanh: Run(default(Tanh), totals, positions, bias, lanes); break;
            default: throw ActivationFunctions.Unknown(activation.Kind);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFunction>(TFunction function, float* totals, int positions, float* bias, int lanes)
        where TFunction : struct, IActivationFunction
    {
        for (; positions > 0; positions--)
        {
            for (int lane = 0; lane < lanes; lane += TLanes.Count, totals += TLanes.Count)
            {
                TVector sum = TLanes.Add(TLanes.Load(totals), TLanes.Load(bias + lane));
                TLanes.Store(Canonical.Of<TVector, TLanes>(function.Apply<TVector, TLanes>(sum)), totals);
            }
        }
    }

    /// <summary>As <see cref="LeakyRelu"/>, with a slope per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSlopes(float* totals, int positions, float* bias, float* slopes, int lanes)
    {
        for (; positions > 0; positions--)
        {
            for (int lane = 0; lane < lanes; lane += TLanes.Count, totals += TLanes.Count)
            {
                TVector sum = TLanes.Add(TLanes.Load(totals), TLanes.Load(bias + lane));
                TVector sloped = TLanes.Multiply(TLanes.Load(slopes + lane), sum);
                TLanes.Store(Canonical.Of<TVector, TLanes>(TLanes.SelectLess(sum, TLanes.Zero, sloped, sum)), totals);
            }
        }
    }
}
