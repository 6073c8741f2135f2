using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Upweave.Contracts;

namespace Upweave.EndToEnd.Tests;

/// <summary>The packages as somebody else gets them: from a folder, without this clone.</summary>
public sealed partial class PackageTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Tool_InstalledFromThePackage_DoesWhatTheBuiltCommandDoes()
    {
        await PackAsync("Cli");
        await DotnetAsync(folder.Root, "tool", "install", "upweave", "--tool-path", folder.At("tools"), "--configfile", folder.At("nuget.config"));
        string tool = folder.At(OperatingSystem.IsWindows() ? "tools/upweave.exe" : "tools/upweave");
        folder.Write("in.npy", NpyArray.RandomBytes(2612, 3, 30, 40));
        await folder.SucceedAsync("run in.npy built.png --preset bicubic --scale 2,2");
        await RunAsync(folder.Root, tool, "run", "in.npy", "installed.png", "--preset", "bicubic", "--scale", "2,2");
        Assert.Equal(await folder.HashAsync("built.png"), await folder.HashAsync("installed.png"));
        Assert.Equal(ContractJson.SpecificationSchema, await RunAsync(folder.Root, tool, "schema"));
    }

    /// <summary>The program of the package's README prints what the README says.</summary>
    [Fact]
    public async Task Library_ProgramOfTheReadme_PrintsWhatItSays()
    {
        await PackAsync("Tiling", "Kernels");
        string readme = await File.ReadAllTextAsync(Path.Combine(Clone.Root, "src", "Kernels", "README.md"), TestContext.Current.CancellationToken);
        Match program = Program().Match(readme);
        Assert.True(program.Success);
        await WriteAsync("Program.cs", program.Groups["code"].Value);
        await WriteAsync("program.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Upweave.Kernels" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        await DotnetAsync(folder.Root, "build", "program.csproj", "--output", folder.At("built"), "--nologo", "-v", "quiet");
        Assert.Equal(program.Groups["output"].Value, await DotnetAsync(folder.Root, folder.At("built/program.dll")));
    }

    /// <summary>Packs what is built, into a folder that is the only source of packages here.</summary>
    private async Task PackAsync(params string[] projects)
    {
        await WriteAsync("nuget.config", """
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="packed" />
              </packageSources>
            </configuration>
            """);
        string configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Name;
        foreach (string project in projects)
        {
            await DotnetAsync(
                Clone.Root, "pack", $"src/{project}/{project}.csproj", "--configuration", configuration, "--no-build", "--output", folder.At("packed"),
                "--nologo", "-v", "quiet");
        }
    }

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(folder.At(file), text, TestContext.Current.CancellationToken);

    private Task<string> DotnetAsync(string at, params string[] arguments) => RunAsync(at, "dotnet", arguments);

    /// <returns>What it wrote to standard output.</returns>
    private async Task<string> RunAsync(string at, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = at, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NUGET_PACKAGES"] = folder.At("nuget"); // another run's package of the same version is another package
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment.Remove("RestoreLockedMode"); // of this clone's own restore
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Patience);
        using Process process = Process.Start(start)!;
        StringBuilder said = new();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(bound.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            said.AppendLine(await output).AppendLine(await error);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{said}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```\n\n```\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();
}
