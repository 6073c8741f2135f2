using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Tests;

/// <summary>
/// The tests that compare bits run again in child processes with instruction sets disabled, and a hash of fixed
/// shapes' outputs must be the same everywhere: it belongs to the arithmetic's version and changes only with that number.
/// </summary>
public sealed class InstructionSetTests
{
    /// <summary>Set in a child: the vector width in bits from which on nothing may be accelerated there.</summary>
    private const string WidthOffVariable = "UPWEAVE_TEST_WIDTH_OFF";

    private const string OutputsOfVersionTwo = "20B2DE3660811A7CF12981E4235B28B455572EFCF392E75A6A3BA39A47A0B7E0";

    private static readonly TimeSpan ChildTimeLimit = TimeSpan.FromMinutes(5);

    public static bool IsChild => Environment.GetEnvironmentVariable(WidthOffVariable) is not null;

    [Fact]
    public void Acceleration_InChild_IsReallyOff()
    {
        int width = int.Parse(Environment.GetEnvironmentVariable(WidthOffVariable) ?? "1024", CultureInfo.InvariantCulture);
        Assert.False(width <= 512 && Vector512.IsHardwareAccelerated, "Vector512 is accelerated");
        Assert.False(width <= 256 && Vector256.IsHardwareAccelerated, "Vector256 is accelerated");
        Assert.False(width <= 128 && Vector128.IsHardwareAccelerated, "Vector128 is accelerated");
    }

    [Fact]
    public void Compute_FixedShapes_HasTheHashOfItsArithmeticVersion()
    {
        Assert.Equal(2, DirectArithmetic.ArithmeticVersion);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int seed = 5000; seed < 5040; seed++)
        {
            LayerCase layer = LayerGenerator.Create(seed);
            using IConvTransposeKernel kernel = KernelSelector.Create(layer.Layer, layer.Weights, layer.Bias);
            hash.AppendData(MemoryMarshal.AsBytes<float>(layer.Compute(kernel, layer.WholeOutput)));
        }

        string outputs = Convert.ToHexString(hash.GetHashAndReset());
        Assert.True(outputs == OutputsOfVersionTwo, $"The outputs' hash is {outputs}.");
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "512")]
    [InlineData("DOTNET_EnableAVX2", "256")]
    [InlineData("DOTNET_EnableHWIntrinsic", "128")]
    public async Task Tests_InstructionSetDisabled_PassInChild(string variable, string widthOff)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Upweave.Kernels.Tests")) { RedirectStandardOutput = true };
        foreach (string test in new[] { $"{nameof(InstructionSetTests)}.{nameof(Acceleration_InChild_IsReallyOff)}",
            $"{nameof(InstructionSetTests)}.{nameof(Compute_FixedShapes_HasTheHashOfItsArithmeticVersion)}", $"{nameof(TechniqueTests)}.*",
            $"{nameof(MinimalTests)}.*",
            $"{nameof(ActivationTests)}.{nameof(ActivationTests.Apply_Vector_EqualsScalarInEveryBit)}" })
        {
            start.ArgumentList.Add("-method");
            start.ArgumentList.Add($"{typeof(InstructionSetTests).Namespace}.{test}");
        }

        start.Environment[variable] = "0";
        start.Environment[WidthOffVariable] = widthOff;
        using Process child = Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(ChildTimeLimit);
        string output = await child.StandardOutput.ReadToEndAsync(limit.Token);
        await child.WaitForExitAsync(limit.Token);
        Assert.True(child.ExitCode == 0, output);
        Assert.Matches(@"Total: [1-9]\d", output);
    }
}
