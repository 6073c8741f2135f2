using System.IO.Compression;
using System.Text.RegularExpressions;
using NetVips;
using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>What the README shows works, in its order, on files with the names that it uses.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));

    [Fact]
    public async Task Commands_InOrder_Succeed()
    {
        using TestFolder folder = new();
        MakeInputs(folder);
        string[] commands =
        [
            .. ShellBlock().Matches(Readme).SelectMany(block => block.Groups["body"].Value.Split('\n'))
                .Select(line => UpweaveCommand().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups["command"].Value.Trim()),
        ];
        Assert.Equal(3, commands.Length);
        foreach (string command in commands)
        {
            await folder.SucceedAsync(command);
        }

        Assert.True(File.Exists(folder.At("upweave-demo/output.png")));
        Assert.True(File.Exists(folder.At("photo-2x.png")));
    }

    [Fact]
    public async Task JobFile_GivesWhatTheCommandGives()
    {
        using TestFolder folder = new();
        MakeInputs(folder);
        await File.WriteAllTextAsync(
            folder.At("job.json"), JsonBlock().Match(Readme).Groups["body"].Value, TestContext.Current.CancellationToken);
        await folder.SucceedAsync("run --job job.json");
        string command = Readme.Split('\n').Single(line => line.StartsWith("./upweave run features", StringComparison.Ordinal));
        await folder.SucceedAsync(command["./upweave ".Length..]);
        Assert.Equal(await folder.HashAsync("up.zarr"), await folder.HashAsync("up.npy"));
    }

    private static void MakeInputs(TestFolder folder)
    {
        using (Image grey = Image.Gaussnoise(60, 40))
        using (Image photo = grey.Bandjoin(grey, grey).Cast(Enums.BandFormat.Uchar))
        {
            photo.Jpegsave(folder.At("photo.jpg"));
        }

        folder.Write("features.npy", NpyArray.Random(1, 8, 12, 10));
        using ZipArchive weights = ZipFile.Open(folder.At("up.npz"), ZipArchiveMode.Create);
        Add(weights, "w.npy", NpyArray.Random(2, 8, 4, 4, 4));
        Add(weights, "b.npy", NpyArray.Random(3, 4));
    }

    private static void Add(ZipArchive archive, string name, NpyArray array)
    {
        using Stream member = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        member.Write([.. NpyFile.Header(array), .. array.Bytes]);
    }

    [GeneratedRegex(@"^```sh\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"^```json\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"^\./upweave (?<command>.*)$")]
    private static partial Regex UpweaveCommand();
}
