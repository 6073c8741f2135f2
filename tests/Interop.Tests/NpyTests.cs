namespace Upweave.Interop.Tests;

/// <summary>.npy as numpy reads it.</summary>
public sealed class NpyTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Copy_EveryType_IsWhatNumpyReads()
    {
        foreach ((string name, string descr) in ElementKinds.All)
        {
            folder.Write("x.npy", ElementKinds.Noise(descr, 3, 5, 7));
            await folder.SucceedAsync($"copy x.npy {name}.npy");
        }

        IReadOnlyList<Reading> readings = await Readers.PythonAsync(
            folder, [.. ElementKinds.All.Select(type => new ReadRequest($"{type.Name}.npy", "npy"))]);
        foreach (((_, string descr), Reading reading) in ElementKinds.All.Zip(readings))
        {
            reading.AssertIs(ElementKinds.Noise(descr, 3, 5, 7));
        }
    }

    [Fact]
    public async Task Run_Tiles_AreWhatNumpyReads()
    {
        string[] names = ["rgb", "volume", "all"];
        List<NpyArray> expected = [];
        foreach (string name in names)
        {
            Job job = Job.Named(name);
            expected.Add(await job.ExpectedAsync());
            await job.RunAsync(folder, $"{name}.npy", job.RowTiling);
        }

        IReadOnlyList<Reading> readings = await Readers.PythonAsync(folder, [.. names.Select(name => new ReadRequest($"{name}.npy", "npy"))]);
        foreach ((NpyArray array, Reading reading) in expected.Zip(readings))
        {
            reading.AssertIs(array);
        }
    }
}
