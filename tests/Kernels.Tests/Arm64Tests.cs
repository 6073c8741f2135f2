using System.Runtime.InteropServices;
using Upweave.Kernels.Tests.Support;

namespace Upweave.Kernels.Tests;

/// <summary>
/// The kernels on ARM64: a program that is built for it computes the fixed outputs with every technique, emulated by QEMU where this
/// processor is another. Where that cannot be had, the test fails: what was not run is not claimed.
/// </summary>
public sealed class Arm64Tests
{
    private const string Emulator = "/usr/bin/qemu-aarch64-static";

    /// <summary>The C library and its loader, as Debian's packages for cross-compiling lay them.</summary>
    private const string SystemLibraries = "/usr/aarch64-linux-gnu";

    private static readonly bool IsEmulated = RuntimeInformation.ProcessArchitecture != Architecture.Arm64;

    [Theory]
    [InlineData("128")]
    [InlineData("256")]
    public async Task Compute_OnArm64_HasTheSameBits(string vectorBits)
    {
        Assert.True(OperatingSystem.IsLinux(), "The kernels were not run on ARM64. Why: this is not Linux.");
        if (IsEmulated)
        {
            foreach (string needed in new[] { Emulator, $"{SystemLibraries}/lib/ld-linux-aarch64.so.1", $"{SystemLibraries}/lib/libstdc++.so.6" })
                Assert.True(File.Exists(needed), $"The kernels were not run on ARM64. Why: there is no {needed}. hint: run tests/install-emulator");
        }

        string program = await PublishAsync();
        string[] command = IsEmulated ? [Emulator, "-L", SystemLibraries, program, "Arm64"] : [program, "Arm64"];
        string output = await ChildProcess.RunAsync(
            command[0], command[1..], [("UPWEAVE_VECTOR_BITS", vectorBits)], TestContext.Current.CancellationToken);
        Assert.Contains("Arm64, linux-arm64, ", output, StringComparison.Ordinal);
        Assert.Contains("AdvSimd True", output, StringComparison.Ordinal);
        Assert.Contains($"vectors of {vectorBits} bits", output, StringComparison.Ordinal);
        foreach (string technique in KernelSelector.Techniques)
            Assert.Matches($"{technique}: [1-9][0-9]* shapes as defined", output);
        Assert.Contains($"hash {FixedOutputs.Hash}", output, StringComparison.Ordinal);
    }

    /// <summary>Beside the other builds, whose intermediate files are for this machine.</summary>
    private static async Task<string> PublishAsync()
    {
        string root = Root();
        string artifacts = Path.Combine(root, "artifacts", "arm64");
        await ChildProcess.RunAsync(
            "dotnet",
            [
                "publish", Path.Combine(root, "tests/Kernels.Outputs/Kernels.Outputs.csproj"), "-c", "Release", "-r", "linux-arm64",
                "--self-contained", "-v", "quiet", "--nologo", $"-p:ArtifactsPath={artifacts}",
            ],
            [],
            TestContext.Current.CancellationToken);
        return Path.Combine(artifacts, "publish/Kernels.Outputs/release_linux-arm64/Upweave.Kernels.Outputs");
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Distributed.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No Distributed.sln above {AppContext.BaseDirectory}. hint: run the tests from the clone.");
    }
}
