using System.Globalization;
using System.Text.RegularExpressions;

namespace Upweave.EndToEnd.Tests.Support;

/// <summary>
/// A job of many small tiles that keeps one core busy for seconds, so that a process can be stopped in the middle: a kernel of
/// 191 x 191 taps on a picture of three channels, to bytes, so that every format can hold the result.
/// </summary>
public sealed partial class HeavyJob : IAsyncLifetime
{
    private const ulong Seed = 2604;
    private const int Side = 500;
    private const int Kernel = 191;
    private const string Layer = "--pads 95 --dtype uint8";

    private readonly TestFolder folder = new();

    /// <summary>The hash of an undisturbed run.</summary>
    public string Hash { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        float[] weights = new TestRandom(Seed).Numbers(3 * 3 * Kernel * Kernel);
        folder.Write("w.npy", NpyArray.Float32([3, 3, Kernel, Kernel], [.. weights.Select(weight => (weight + 0.5f) / 55000)]));
        folder.Write("x.npy", NpyArray.RandomBytes(Seed, 3, Side, Side));
        await folder.SucceedAsync("copy x.npy x.png");
        await folder.SucceedAsync($"run {Arguments("x.npy", "undisturbed.npy")}");
        NpyArray result = folder.Read("undisturbed.npy");
        Assert.True(result.Bytes.Distinct().Count() > 50, "The result is too plain to show a mistake.");
        Hash = result.Sha256;
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The command line for one output, its input and weights included; one tile after the other.</summary>
    public string CommandLine(string input, string output) => $"run {Arguments(folder.At(input), output)} --tile 8 --workers 1 --device cpu --json";

    /// <summary>A file of the job: <c>x.npy</c>, <c>x.png</c> or <c>w.npy</c>.</summary>
    public string At(string file) => folder.At(file);

    /// <summary>What <c>submit</c> takes for one output when x.npy and w.npy lie in a store.</summary>
    /// <param name="store">E.g. <c>data/</c>.</param>
    public static string StoreArguments(string store, string output) => $"{store}x.npy {output} --weights {store}w.npy {Layer}";

    /// <summary>A line that says that some tiles are durable and some are not.</summary>
    public static bool IsUnderWay(string line)
    {
        Match match = TilesPattern().Match(line);
        return match.Success && Number(match, "done") > 0 && Number(match, "done") < Number(match, "all");
    }

    private string Arguments(string input, string output) =>
        $"{input} {output} --weights {folder.At("w.npy")} {Layer}";

    private static long Number(Match match, string group) =>
        long.Parse(match.Groups[group].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^computing\s+(?<done>[\d,]+)/(?<all>[\d,]+) tiles")]
    private static partial Regex TilesPattern();
}
