using System.Runtime.Intrinsics;
using Upweave.Kernels.Activations;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Tests;

/// <summary>The fused last pass against plain loops: every width, number of phases and remainder, beside forbidden pages.</summary>
public sealed class RowFinisherTests
{
    private static readonly float[] Biases = [0f, -0f, -0.75f];

    public static TheoryData<ActivationKind> Kinds => new(Enum.GetValues<ActivationKind>());

    public static MatrixTheoryData<int, int> WidthsAndPhases => new([128, 256, 512], [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 33]);

    [Theory]
    [MemberData(nameof(WidthsAndPhases))]
    public void Write_EveryRemainder_EqualsPlainLoops(int bits, int phases)
    {
        int positionsMost = 3 * bits / 32;
        foreach (ActivationKind kind in new[] { ActivationKind.None, ActivationKind.PRelu, ActivationKind.Tanh })
        {
            Activation activation = new(kind) { Slopes = new[] { 0.125f, -2f, 0f } };
            RowFinisher finisher = Finisher(bits, activation);
            for (int length = 1; length <= positionsMost * phases; length += phases > 5 && length > phases ? 5 : 1)
            {
                foreach (GuardSide side in Enum.GetValues<GuardSide>())
                    Check(finisher, activation, length % Biases.Length, phases, length, side, $"{kind}, {phases} phases, {length} outputs");
            }
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public unsafe void Write_OnePhaseInPlace_AppliesTheActivationOnce(int bits)
    {
        Activation activation = new(ActivationKind.Sigmoid);
        RowFinisher finisher = Finisher(bits, activation);
        for (int length = 1; length <= 70; length++)
        {
            float[] row = Totals(length, seed: length);
            float[] expected = Expected(activation, 2, row, length, 1, length);
            fixed (float* pointer = row)
                finisher.Write(2, pointer, 0, 1, pointer, length);
            BitAssert.Equal(expected, row, $"{length} outputs");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public unsafe void Write_AnyActivation_AllocatesNothing(ActivationKind kind)
    {
        RowFinisher finisher = Finisher(VectorWidth.Bits, new Activation(kind) { Slopes = new[] { 0.125f, -2f, 0f } });
        fixed (float* totals = Totals(300, seed: 1), output = new float[199])
        {
            finisher.Write(2, totals, 100, 2, output, 199);
            long before = GC.GetAllocatedBytesForCurrentThread();
            finisher.Write(2, totals, 100, 2, output, 199);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static RowFinisher Finisher(int bits, Activation activation) => bits switch
    {
        128 => RowFinisher.Create<Vector128<float>, Lanes128>(activation, Biases),
        256 => RowFinisher.Create<Vector256<float>, Lanes256>(activation, Biases),
        _ => RowFinisher.Create<Vector512<float>, Lanes512>(activation, Biases),
    };

    private static unsafe void Check(
        RowFinisher finisher, Activation activation, int channel, int phases, int length, GuardSide side, string what)
    {
        int stride = ((length + phases - 1) / phases) + (length % 3);
        int inLastRow = (length - (phases - 1) + phases - 1) / phases;
        float[] totals = Totals(Math.Max(((phases - 1) * stride) + inLastRow, Math.Min(length, phases) * stride), seed: length);
        int used = inLastRow == 0 ? totals.Length : ((phases - 1) * stride) + inLastRow;
        using GuardedFloats guardedTotals = new(totals.AsSpan(0, used), side);
        using GuardedFloats guardedOutput = new(length, side);
        fixed (float* source = guardedTotals.Span, target = guardedOutput.Span)
            finisher.Write(channel, source, stride, phases, target, length);
        BitAssert.Equal(Expected(activation, channel, totals, stride, phases, length), guardedOutput.Span, what);
    }

    private static float[] Expected(Activation activation, int channel, float[] totals, int stride, int phases, int length)
    {
        IActivationFunction function = ActivationFunctions.Create(activation, channel);
        float[] expected = new float[length];
        for (int j = 0; j < length; j++)
            expected[j] = Canonical.Of(function.Apply(totals[(j % phases * stride) + (j / phases)] + Biases[channel]));
        return expected;
    }

    private static float[] Totals(int count, int seed)
    {
        TestRandom random = new((ulong)seed);
        float[] totals = random.Numbers(count);
        for (int index = 0; index < count; index++)
            totals[index] = random.OneIn(9) ? random.Of(-0f, float.NaN, float.NegativeInfinity, -1e-45f) : totals[index];
        return totals;
    }
}
