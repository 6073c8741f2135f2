using System.Text;
using System.Text.Json;
using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Contracts.Specification;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Contracts.Tests;

public sealed class PlanStoreTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("upweave-test-").FullName;

    private StoreLocation Place => new(new LocalStore(root), "out.npy");

    [Fact]
    public async Task ReadAsync_ClaimedPlan_IsTheSamePlan()
    {
        JobPlan plan = Sample();
        Assert.True(await PlanStore.ClaimAsync(Place, plan, TestContext.Current.CancellationToken));
        JobPlan read = (await PlanStore.ReadAsync(Place, TestContext.Current.CancellationToken))!;
        Assert.Equal(plan.Hash, read.Hash);
        Assert.Equal(plan.Hash, ContractJson.Hash(read));
        Assert.Equal(plan.SpecificationHash, ContractJson.Hash(read.Specification));
        Assert.Equal(plan.Prediction, read.Prediction);
    }

    [Fact]
    public async Task ClaimAsync_ClaimedAlready_ReturnsFalseAndKeepsTheFirst()
    {
        JobPlan first = Sample();
        JobPlan second = Sample() with { TilesPerRun = 2 };
        second = second with { Hash = ContractJson.Hash(second) };
        Assert.NotEqual(first.Hash, second.Hash);
        Assert.True(await PlanStore.ClaimAsync(Place, first, TestContext.Current.CancellationToken));
        Assert.False(await PlanStore.ClaimAsync(Place, second, TestContext.Current.CancellationToken));
        Assert.Equal(first.Hash, (await PlanStore.ReadAsync(Place, TestContext.Current.CancellationToken))!.Hash);
    }

    [Fact]
    public async Task ReadAsync_NothingThere_ReturnsNull() =>
        Assert.Null(await PlanStore.ReadAsync(Place, TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{ \"version\": 1")]
    public async Task ReadAsync_NoPlan_SaysHowToStartOver(string content)
    {
        await Place.Store.WriteAsync(JobPaths.Plan("out.npy"), Encoding.UTF8.GetBytes(content), WriteCondition.Always, TestContext.Current.CancellationToken);
        await AssertCorruptAsync();
    }

    [Theory]
    [InlineData("\"tiles_per_run\": 1", "\"tiles_per_run\": 7")] // edited by hand
    [InlineData("\"version\": 1,\n  \"hash\"", "\"version\": 0,\n  \"hash\"")] // no version that ever was
    public async Task ReadAsync_ChangedPlan_IsRefused(string part, string other)
    {
        Assert.True(await PlanStore.ClaimAsync(Place, Sample(), TestContext.Current.CancellationToken));
        string file = Path.Combine(root, "out.npy.upweave", "plan.json");
        string json = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains(part, json, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, json.Replace(part, other, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await AssertCorruptAsync();
    }

    [Fact]
    public async Task ReadAsync_OtherArithmetic_IsRefused()
    {
        JobPlan plan = Sample() with { Arithmetic = 1 };
        plan = plan with { Hash = ContractJson.Hash(plan) };
        Assert.True(await PlanStore.ClaimAsync(Place, plan, TestContext.Current.CancellationToken));
        UnknownPlanException error = await Assert.ThrowsAsync<UnknownPlanException>(() => PlanStore.ReadAsync(Place, TestContext.Current.CancellationToken));
        Assert.Contains("version 1 of the arithmetic", error.Message, StringComparison.Ordinal);
        Assert.Contains("the software that planned it", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A field that was added later counts in the hash, which this version cannot make; nor can it know what the field means.</summary>
    [Theory]
    [InlineData("\"tiles_per_run\": 1", "\"tiles_per_run\": 1, \"later\": true")]
    [InlineData("\"kernel\": [", "\"later\": 5, \"kernel\": [")]
    [InlineData("\"version\": 1,\n  \"hash\"", "\"version\": 2,\n  \"hash\"")]
    public async Task ReadAsync_PlanOfALaterVersion_IsSaidToBeThat(string part, string other)
    {
        JobPlan plan = Sample() with { Hash = new string('0', 32) };
        string json = JsonSerializer.Serialize(plan, ContractJson.Options);
        Assert.Contains(part, json, StringComparison.Ordinal);
        byte[] changed = Encoding.UTF8.GetBytes(json.Replace(part, other, StringComparison.Ordinal));
        await Place.Store.WriteAsync(JobPaths.Plan("out.npy"), changed, WriteCondition.Always, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<UnknownPlanException>(() => PlanStore.ReadAsync(Place, TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private async Task AssertCorruptAsync()
    {
        CorruptDataException error = await Assert.ThrowsAsync<CorruptDataException>(
            () => PlanStore.ReadAsync(Place, TestContext.Current.CancellationToken));
        Assert.Contains("delete the folder out.npy.upweave", error.Message, StringComparison.Ordinal);
    }

    private static JobPlan Sample()
    {
        JobSpecification specification = new()
        {
            Version = 1,
            Input = "ä/ö.npy",
            Output = "out.npy",
            Layers = [new() { Preset = "nearest", Scale = [2], Activation = new() { Type = "clip", Maximum = 1e-300 / 3 } }],
            Labels = new Dictionary<string, string> { ["z"] = "1", ["a"] = "\u2028" },
        };
        JobPlan plan = new()
        {
            Version = 1,
            Software = "1.0.0",
            Hash = "",
            SpecificationHash = ContractJson.Hash(specification),
            Specification = specification,
            Input = new() { Reference = "ä/ö.npy", Format = "npy", Identity = "i", Shape = [4], Dtype = "uint8", Axes = "x", IsPicture = false },
            Output = new()
            {
                Reference = "out.npy", Format = "npy", IsPicture = false, Shape = [8], Dtype = "uint8", Axes = "x", RegionOrigin = [0], Tile = [8], Chunk = [8],
                Compression = "none",
            },
            Layers =
            [
                new()
                {
                    Preset = "nearest", InputChannels = 1, OutputChannels = 1, Group = 1, Input = [4], Kernel = [2], Strides = [2], PadsBegin = [0],
                    PadsEnd = [0], OutputPadding = [0], Dilations = [1], Border = "replicate", Algorithm = "direct",
                    Activation = specification.Layers![0].Activation,
                },
            ],
            Arithmetic = DirectArithmetic.ArithmeticVersion,
            Precision = "exact",
            TilesPerRun = 1,
            Prediction = new() { Tiles = 1, HaloShare = 1.0 / 3, BytesRead = 4, BytesWritten = 8, Flops = 16, TileBytes = 48, WeightBytes = 8 },
        };
        return plan with { Hash = ContractJson.Hash(plan) };
    }
}
