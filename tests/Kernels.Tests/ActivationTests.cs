using System.Runtime.Intrinsics;
using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Tests;

public sealed class ActivationTests
{
    /// <summary>
    /// A prime step through all 2^32 bit patterns: every exponent, both signs, NaN and infinities among them.
    /// </summary>
    private const uint Step = 40009;

    private static readonly int CanonicalNaN = 0x7FC00000;

    public static TheoryData<ActivationKind> Kinds => new(Enum.GetValues<ActivationKind>());

    public static MatrixTheoryData<ActivationKind, int> KindsAndWidths => new(Enum.GetValues<ActivationKind>(), [128, 256, 512]);

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void Apply_Vector_EqualsScalarInEveryBit(ActivationKind kind, int bits)
    {
        IActivationFunction function = ActivationFunctions.Create(
            new Activation(kind, Alpha: -0.3f, Minimum: -2f, Maximum: 0.75f) { Slopes = new[] { 0.5f, -0.4f } }, channel: 1);
        switch (bits)
        {
            case 128: CheckVector<Vector128<float>, Lanes128>(function); break;
            case 256: CheckVector<Vector256<float>, Lanes256>(function); break;
            default: CheckVector<Vector512<float>, Lanes512>(function); break;
        }
    }

    [Theory]
    [InlineData(ActivationKind.Sigmoid, 2.0)]
    [InlineData(ActivationKind.Tanh, 1.5)]
    public void Apply_AgainstDouble_ErrorIsBounded(ActivationKind kind, double ulpsMost)
    {
        IActivationFunction function = ActivationFunctions.Create(new Activation(kind) { Slopes = new[] { 0.25f } }, channel: 0);
        double worst = 0;
        float worstAt = 0;
        foreach (float x in Samples().Where(float.IsFinite))
        {
            double exact = kind == ActivationKind.Tanh ? Math.Tanh(x) : 1 / (1 + Math.Exp(-(double)x));
            double ulp = Math.Max(float.Epsilon, MathF.BitIncrement((float)Math.Abs(exact)) - (double)(float)Math.Abs(exact));
            double error = Math.Abs(function.Apply(x) - exact) / ulp;
            (worst, worstAt) = error > worst ? (error, x) : (worst, worstAt);
        }

        Assert.True(worst <= ulpsMost, $"{kind}({worstAt:G9}) is off by {worst:F3} ulp");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: at most {worst:F3} ulp, at {worstAt:G9}");
    }

    [Theory]
    [InlineData(ActivationKind.Relu, float.NegativeInfinity, 0f)]
    [InlineData(ActivationKind.Relu, -3f, 0f)]
    [InlineData(ActivationKind.Relu, 3f, 3f)]
    [InlineData(ActivationKind.LeakyRelu, -3f, -1.5f)]
    [InlineData(ActivationKind.LeakyRelu, float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(ActivationKind.LeakyRelu, 3f, 3f)]
    [InlineData(ActivationKind.PRelu, -3f, -0.75f)]
    [InlineData(ActivationKind.PRelu, 3f, 3f)]
    [InlineData(ActivationKind.Clip, float.NegativeInfinity, -1f)]
    [InlineData(ActivationKind.Clip, 0.5f, 0.5f)]
    [InlineData(ActivationKind.Clip, float.PositiveInfinity, 6f)]
    [InlineData(ActivationKind.Sigmoid, float.NegativeInfinity, 0f)]
    [InlineData(ActivationKind.Sigmoid, 0f, 0.5f)]
    [InlineData(ActivationKind.Sigmoid, float.PositiveInfinity, 1f)]
    [InlineData(ActivationKind.Tanh, float.NegativeInfinity, -1f)]
    [InlineData(ActivationKind.Tanh, -0f, 0f)]
    [InlineData(ActivationKind.Tanh, float.PositiveInfinity, 1f)]
    public void Apply_KnownValue_IsExact(ActivationKind kind, float x, float expected)
    {
        IActivationFunction function = ActivationFunctions.Create(
            new Activation(kind, Alpha: 0.5f, Minimum: -1f, Maximum: 6f) { Slopes = new[] { 0.25f } }, channel: 7);
        BitAssert.Equal([expected], [Canonical.Of(function.Apply(x))], $"{kind}({x})");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Apply_NaN_StaysNaN(ActivationKind kind)
    {
        IActivationFunction function = ActivationFunctions.Create(new Activation(kind) { Slopes = new[] { 0.25f } }, channel: 0);
        foreach (uint bits in new[] { 0x7FC00000u, 0xFFC00000u, 0x7F800001u, 0xFFFFFFFFu })
        {
            float stored = Canonical.Of(function.Apply(BitConverter.UInt32BitsToSingle(bits)));
            Assert.Equal(CanonicalNaN, BitConverter.SingleToInt32Bits(stored));
        }
    }

    private static unsafe void CheckVector<TVector, TLanes>(IActivationFunction function)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        float* vector = stackalloc float[TLanes.Count];
        float* scalar = stackalloc float[TLanes.Count];
        foreach (float[] inputs in Samples().Chunk(TLanes.Count))
        {
            inputs.CopyTo(new Span<float>(vector, TLanes.Count));
            for (int lane = 0; lane < TLanes.Count; lane++)
                scalar[lane] = Canonical.Of(function.Apply(vector[lane]));
            TVector result = function.Apply<TVector, TLanes>(TLanes.Load(vector));
            TLanes.Store(Canonical.Of<TVector, TLanes>(result), vector);
            BitAssert.Equal(new(scalar, TLanes.Count), new(vector, TLanes.Count), $"{function} from {string.Join(' ', inputs)}");
        }
    }

    private static IEnumerable<float> Samples()
    {
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Step)
            yield return BitConverter.UInt32BitsToSingle((uint)bits);
        for (int n = -2000; n <= 2000; n++)
            yield return n / 16f;
    }
}
