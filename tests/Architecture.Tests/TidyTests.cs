using System.Text.RegularExpressions;

namespace Upweave.Architecture.Tests;

/// <summary>House rules that a machine can check. Patterns are spelled so that none matches its own line.</summary>
public sealed partial class TidyTests
{
    private const int LinesMax = 300;

    [Fact]
    public void Files_AreShort()
    {
        List<string> files = SourceTree.CSharp();
        Assert.True(files.Count > 20, $"Only {files.Count} source files found under {SourceTree.Root}.");
        SourceTree.AssertNone(
            $"Files of more than {LinesMax} lines:",
            from file in files
            let lines = SourceTree.Read(file).Split('\n').Length - 1
            where lines > LinesMax
            select $"{file}:{lines}");
    }

    [Fact]
    public void Files_AreNamedAfterAType() => SourceTree.AssertNone(
        "Files that declare no type of their own name (the part before the first dot):",
        from file in SourceTree.CSharp()
        let name = Path.GetFileName(file).Split('.')[0]
        where name != "Program" && !Regex.IsMatch(
            SourceTree.Read(file), $@"\b(class|struct|interface|enum|record|delegate\s+[\w<>\[\],?. ]+)\s+{name}\b")
        select file);

    [Fact]
    public void Namespaces_OfSrc_FollowTheProject() => SourceTree.AssertNone(
        "Files outside the namespace Upweave.<Project>:",
        from file in SourceTree.Files("src", ".cs")
        where Path.GetFileName(file) != "Program.cs"
        let space = Regex.Escape("Upweave." + file.Split('/')[1])
        where !Regex.IsMatch(SourceTree.Read(file), $@"^namespace {space}(\.\w+)*;", RegexOptions.Multiline)
        select file);

    /// <summary>Tests hold rows of tables and literal JSON, which read better in one piece.</summary>
    [Fact]
    public void Lines_AreShort()
    {
        Check("Lines of more than 140 characters:", SourceTree.Files("src", ".cs"), LongLine());
        Check("Lines of more than 180 characters:", SourceTree.Files("tests", ".cs"), LongTestLine());
    }

    [Fact]
    public void Exceptions_AreSpecific() => Check("Bare exceptions:", SourceTree.CSharp(), BareException());

    [Fact]
    public void Tests_DoNotSleep() => Check("Tests wait for conditions, not for time:", SourceTree.Files("tests", ".cs"), Sleep());

    /// <summary>In .NET 10 a ReadAsync that is cancelled at the wrong moment takes the next item with it (dotnet/runtime issue 132094).</summary>
    [Fact]
    public void Channels_AreReadByWaitingAndTrying() => Check(
        "Channels that are read by ReadAsync; by WaitToReadAsync and TryRead nothing is lost:", SourceTree.Files("src", ".cs"), ReadsChannel());

    [Fact]
    public void Comments_PromiseNothing() => Check("Work that was put off:", SourceTree.CSharp(), PutOff());

    /// <summary>
    /// Benchmarks, and the program that a test of kernels runs, print; everything else reports through a logger or the command line.
    /// </summary>
    [Fact]
    public void Console_IsTheCommandLines() => Check(
        "Console output outside src/Cli:",
        SourceTree.CSharp().Where(file => !file.StartsWith("src/Cli/", StringComparison.Ordinal)
            && !file.StartsWith("bench/", StringComparison.Ordinal) && file != "tests/Kernels.Outputs/Program.cs"),
        ConsoleOutput());

    [Fact]
    public void MassTransit_StaysInConsumersAndRegistration() => Check(
        "MassTransit outside *Consumer.cs, *ConsumerDefinition.cs, *Endpoints.cs, *Registration.cs and *Publisher.cs:",
        SourceTree.Files("src/Coordinator", ".cs").Concat(SourceTree.Files("src/Worker", ".cs"))
            .Where(file => !MassTransitFile().IsMatch(file)),
        MassTransitUse());

    private static void Check(string rule, IEnumerable<string> files, Regex forbidden) =>
        SourceTree.AssertNone(rule, SourceTree.LinesMatching(files, forbidden));

    [GeneratedRegex(@"^.{141,}")]
    private static partial Regex LongLine();

    [GeneratedRegex(@"^.{181,}", RegexOptions.Multiline)]
    private static partial Regex LongTestLine();

    [GeneratedRegex(@"\bnew (System\.)?Exception\(")]
    private static partial Regex BareException();

    [GeneratedRegex(@"\bThread\.Sleep\b|\bTask\.Delay\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(TOD[O]|FIXM[E]|HAC[K])\b")]
    private static partial Regex PutOff();

    [GeneratedRegex(@"\bConsole\.(Write|Out\b|Error\b)")]
    private static partial Regex ConsoleOutput();

    [GeneratedRegex(@"(Consumer|ConsumerDefinition|Endpoints|Registration|Publisher)\.cs$")]
    private static partial Regex MassTransitFile();

    [GeneratedRegex(@"\b(inbox|[Rr]eader|[Cc]hannel)\.ReadAsync\(\w*\.?\w*\)")]
    private static partial Regex ReadsChannel();

    [GeneratedRegex(@"\busing (static )?MassTransit\b|\bMassTransit\.[A-Z]")]
    private static partial Regex MassTransitUse();
}
