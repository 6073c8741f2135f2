using System.Globalization;
using System.Runtime.Intrinsics;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Tests;

/// <summary>
/// The tests that compare bits run again in child processes with instruction sets disabled and vectors of every width, and the hash of
/// the fixed outputs must be the same everywhere.
/// </summary>
public sealed class InstructionSetTests
{
    /// <summary>Set in a child: the vector width in bits from which on nothing may be accelerated there.</summary>
    private const string WidthOffVariable = "UPWEAVE_TEST_WIDTH_OFF";

    public static bool IsChild => Environment.GetEnvironmentVariable(WidthOffVariable) is not null;

    [Fact]
    public void Acceleration_InChild_IsReallyOff()
    {
        int width = int.Parse(Environment.GetEnvironmentVariable(WidthOffVariable) ?? "1024", CultureInfo.InvariantCulture);
        Assert.False(width <= 512 && Vector512.IsHardwareAccelerated, "Vector512 is accelerated");
        Assert.False(width <= 256 && Vector256.IsHardwareAccelerated, "Vector256 is accelerated");
        Assert.False(width <= 128 && Vector128.IsHardwareAccelerated, "Vector128 is accelerated");
        if (Environment.GetEnvironmentVariable(VectorWidth.ForcingVariable) is { Length: > 0 } forced)
            Assert.Equal(forced, VectorWidth.Bits.ToString(CultureInfo.InvariantCulture));
        else if (IsChild)
            Assert.Equal(Math.Max(128, width / 2), VectorWidth.Bits);
    }

    [Fact]
    public void Compute_FixedShapes_HasTheHashOfItsArithmeticVersion()
    {
        Assert.Equal(FixedOutputs.ArithmeticVersion, DirectArithmetic.ArithmeticVersion);
        string outputs = FixedOutputs.Compute();
        Assert.True(outputs == FixedOutputs.Hash, $"The outputs' hash is {outputs}.");
    }

    /// <summary>The wider vectors of a row are emulated: they have the same operations, done in parts.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "512", "")]
    [InlineData("DOTNET_EnableAVX512", "512", "512")]
    [InlineData("DOTNET_EnableAVX2", "256", "")]
    [InlineData("DOTNET_EnableHWIntrinsic", "128", "")]
    public async Task Tests_InstructionSetDisabled_PassInChild(string variable, string widthOff, string vectorBits)
    {
        List<string> arguments = [];
        foreach (string test in new[] { $"{nameof(InstructionSetTests)}.{nameof(Acceleration_InChild_IsReallyOff)}",
            $"{nameof(InstructionSetTests)}.{nameof(Compute_FixedShapes_HasTheHashOfItsArithmeticVersion)}", $"{nameof(TechniqueTests)}.*",
            $"{nameof(MinimalTests)}.*",
            $"{nameof(ActivationTests)}.{nameof(ActivationTests.Apply_Vector_EqualsScalarInEveryBit)}" })
        {
            arguments.AddRange(["-method", $"{typeof(InstructionSetTests).Namespace}.{test}"]);
        }

        string output = await ChildProcess.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "Upweave.Kernels.Tests"), arguments,
            [(variable, "0"), (WidthOffVariable, widthOff), (VectorWidth.ForcingVariable, vectorBits)],
            TestContext.Current.CancellationToken);
        Assert.Matches(@"Total: [1-9]\d", output);
    }
}
