using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Contracts.Specification;
using Upweave.Coordinator.Planning;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Tests;
using Upweave.Tests.Schema;
using Upweave.Worker;
using Upweave.Worker.Devices;
using Upweave.Worker.Jobs;

namespace Upweave.Coordinator.Tests.Hostile;

/// <summary>Job files and plans, changed in every way: planned, or refused with all that is wrong; opened by a worker, or refused.</summary>
public sealed class FileMutationTests : IDisposable
{
    private const string Small = """
        { "version": 1, "input": "s/in.npy", "output": "s/out.npy", "tile": [2, 12], "dtype": "float32", "overwrite": false, "priority": 3,
          "layers": [ { "weights": "s/w.npy", "strides": [2,2], "pads": [1,1,1,1], "output_padding": [0,0], "dilations": [1,1], "group": 1,
                        "auto_pad": "NOTSET", "border": "zero", "activation": { "type": "leaky_relu", "alpha": 0.1 } } ],
          "region": [[0,8],[0,12]], "algorithm": "auto", "precision": "exact", "labels": { "a": "b" } }
        """;

    private const string Preset = """
        { "version": 1, "input": "s/in.npy", "output": "s/out.ome.zarr", "layers": [ { "preset": "bicubic", "scale": [2,3], "border": "replicate" } ],
          "format": { "compression": "zstd", "level": 3, "chunk": [4,4], "zarr_format": 3, "pyramid": true } }
        """;

    private readonly JobFolder folder = new();

    public FileMutationTests()
    {
        folder.WriteNpy("in.npy", [8, 6], Numbers.Floats(48));
        folder.WriteNpy("w.npy", [1, 1, 4, 4], Numbers.Floats(16));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Small, 11)]
    [InlineData(Preset, 12)]
    public async Task Specification_Changed_IsPlannedOrRefusedWithReasons(string valid, int seed)
    {
        JobPlanner planner = Plans.Planner(folder);
        PlanResult planned = await planner.PlanAsync(ContractJson.ReadSpecification(System.Text.Encoding.UTF8.GetBytes(valid), [])!, Cancelled);
        Assert.Empty(planned.Problems);
        (int accepted, int rejected) = await MutationRun.PlayAsync(seed, 2500, [valid], async bytes =>
        {
            List<Problem> problems = [];
            if (ContractJson.ReadSpecification(bytes, problems) is not { } specification)
            {
                Assert.NotEmpty(problems);
                return false;
            }

            PlanResult result = await planner.PlanAsync(specification, Cancelled);
            Assert.True(result.Plan is null ? result.Problems.Count > 0 : result.Plan.Prediction.Tiles > 0);
            Assert.All(result.Problems, problem => Assert.NotEmpty(problem.Message));
            if (result.Plan is not null)
                AssertSchemaAccepts(bytes, specification);
            return result.Plan is not null;
        });
        Assert.True(accepted > 100 && rejected > 1000);
    }

    [Fact]
    public async Task Plan_Changed_IsRefused()
    {
        string valid = await PlanAsync();
        (int accepted, int rejected) = await MutationRun.PlayAsync(13, 2500, [valid], bytes => Task.FromResult(IsPlan(bytes, valid)));
        Assert.True(accepted > 0 && rejected > 1500); // what is the same plan in other bytes is accepted
    }

    /// <summary>Somebody who can write to a store can make a plan's hash right: then a worker opens it within its memory, or refuses it.</summary>
    [Fact]
    public async Task Plan_ChangedWithItsHash_IsOpenedOrRefusedByTheWorker()
    {
        string valid = await PlanAsync();
        WorkerOptions options = new() { Name = "w", Slots = 1, MemoryBytes = 64 << 20 };
        (int accepted, int rejected) = await MutationRun.PlayAsync(14, 2500, [valid], async bytes =>
        {
            if (TryHash(bytes) is not { } hashed)
                return false;
            try
            {
                JobPlan plan = PlanStore.Parse(hashed);
                await using JobContext job = await JobContext.OpenAsync(
                    folder.Stores, options, new ProcessorDevice(), Assert.Fail, plan, folder.Place("out.npy"), Cancelled);
                return true;
            }
            catch (Exception error) when (error is CorruptDataException or InvalidArrayException or ObjectChangedException
                or ArgumentException or ArithmeticException or FileNotFoundException)
            {
                return false;
            }
        });
        Assert.True(accepted > 50 && rejected > 500);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>What is planned is right by the schema. Of a field that is there twice the last one counts, which no schema can say.</summary>
    private static void AssertSchemaAccepts(byte[] bytes, JobSpecification specification)
    {
        JobSchema.AssertValid(specification);
        string json = System.Text.Encoding.UTF8.GetString(bytes);
        try
        {
            using JsonDocument once = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return;
        }

        JobSchema.AssertValid(json);
    }

    private async Task<string> PlanAsync()
    {
        List<Problem> problems = [];
        JobSpecification specification = ContractJson.ReadSpecification(System.Text.Encoding.UTF8.GetBytes(Small), problems)!;
        return JsonSerializer.Serialize(await Plans.MakeAsync(folder, specification), ContractJson.Options);
    }

    private static bool IsPlan(byte[] bytes, string valid)
    {
        try
        {
            return JsonSerializer.Serialize(PlanStore.Parse(bytes), ContractJson.Options) == valid
                ? true
                : throw new InvalidOperationException("Another plan has the same hash.");
        }
        catch (CorruptDataException error)
        {
            Assert.NotEmpty(error.Message);
            return false;
        }
    }

    private static byte[]? TryHash(byte[] bytes)
    {
        try
        {
            JobPlan? plan = JsonSerializer.Deserialize<JobPlan>(bytes, ContractJson.Options);
            return plan is null ? null : JsonSerializer.SerializeToUtf8Bytes(plan with { Hash = ContractJson.Hash(plan) }, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
