using Upweave.EndToEnd.Tests.Support;

namespace Upweave.EndToEnd.Tests;

/// <summary>Answers made by PyTorch in float64, through the command line.</summary>
public sealed class TorchCasesTests : IDisposable
{
    private static readonly Dictionary<string, TorchCase> Cases = TorchCase.Load().ToDictionary(torch => torch.File);

    private readonly TestFolder folder = new();

    public static TheoryData<string> Files => [.. Cases.Keys];

    /// <summary>Every third is enough for what tiles and formats add.</summary>
    public static TheoryData<string> SomeFiles => [.. Cases.Keys.Where((_, index) => index % 3 == 0)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_AreADozen() => Assert.True(Cases.Count >= 12, $"{Cases.Count} cases");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Run_TorchCase_AgreesWithinTermSum(string file)
    {
        TorchCase torch = Cases[file];
        await folder.SucceedAsync($"run {torch.Path}#x y.npy {torch.Options}");
        NpyArray expected = NpyFile.ReadMember(torch.Path, "y");
        NpyArray actual = folder.Read("y.npy");
        Assert.Equal("<f4", actual.Descr);
        Assert.Equal(expected.Shape, actual.Shape);
        FloatAssert.Within(torch.Tolerance, expected.Floats, actual.Floats);
    }

    [Theory]
    [MemberData(nameof(SomeFiles))]
    public async Task Run_TorchCaseInSmallTilesToZarr_HasTheSameBits(string file)
    {
        TorchCase torch = Cases[file];
        await folder.SucceedAsync($"run {torch.Path}#x whole.npy {torch.Options}");
        UpweaveResult tiled = await folder.SucceedAsync($"run {torch.Path}#x tiled.zarr {torch.Options} --tile 5 --json");
        Assert.True(tiled.Json.GetProperty("summary").GetProperty("tile_count").GetInt64() > 3, tiled.ToString());
        Assert.Equal(folder.Read("whole.npy").Sha256, await folder.HashAsync("tiled.zarr"));
    }
}
