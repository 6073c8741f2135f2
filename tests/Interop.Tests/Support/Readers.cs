using System.Text.Json;

namespace Upweave.Interop.Tests.Support;

/// <summary>Other people's software: one process reads, or makes, many files.</summary>
public static class Readers
{
    /// <summary>Another python3 may come first on the PATH, without the modules that Debian has packaged for its own.</summary>
    private static string Python { get; } =
        new[] { "zarr", "tifffile", "nibabel", "numpy" }.All(module => Directory.Exists($"/usr/lib/python3/dist-packages/{module}"))
            ? "/usr/bin/python3"
            : "python3";

    private static string Root { get; } = Find();

    /// <summary>The readings of python3-zarr (zarr v2), tifffile, nibabel and numpy.</summary>
    /// <exception cref="ReaderFailure">One cannot be read, or not without a warning.</exception>
    public static Task<IReadOnlyList<Reading>> PythonAsync(TestFolder folder, params IReadOnlyList<ReadRequest> requests) =>
        ReadAsync(folder, Python, "read.py", requests);

    /// <summary>The readings of zarrita (zarr v3).</summary>
    /// <exception cref="ReaderFailure">One cannot be read.</exception>
    public static Task<IReadOnlyList<Reading>> ZarritaAsync(TestFolder folder, params IReadOnlyList<ReadRequest> requests) =>
        ReadAsync(folder, "node", "read.mjs", requests);

    /// <summary>Has a script of tests/readers make files in the folder.</summary>
    /// <returns>What it says of them.</returns>
    /// <exception cref="ReaderFailure">It fails.</exception>
    public static async Task<JsonElement> MakeAsync(TestFolder folder, string script) =>
        JsonElement.Parse(await ReaderProcess.RunAsync(folder.Root, Python, [Path.Combine(Root, script)]));

    private static async Task<IReadOnlyList<Reading>> ReadAsync(
        TestFolder folder, string program, string script, IReadOnlyList<ReadRequest> requests)
    {
        string output = await ReaderProcess.RunAsync(
            folder.Root, program, [Path.Combine(Root, script)], JsonSerializer.Serialize(requests));
        JsonElement[] answers = [.. JsonElement.Parse(output).EnumerateArray()];
        Assert.Equal(requests.Count, answers.Length);
        return [.. requests.Zip(answers, (request, facts) => Read(folder, request, facts))];
    }

    private static Reading Read(TestFolder folder, ReadRequest request, JsonElement facts)
    {
        string name = request.Array is null ? request.Path : $"{request.Path}/{request.Array}";
        if (facts.TryGetProperty("error", out JsonElement error))
            throw new ReaderFailure($"{name} ({request.Kind}) cannot be read: {error.GetString()}.");
        return new Reading(name, facts, File.ReadAllBytes(folder.At(request.Out)));
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string readers = Path.Combine(folder.FullName, "tests", "readers");
            if (Directory.Exists(readers))
                return readers;
        }

        throw new DirectoryNotFoundException($"No tests/readers above {AppContext.BaseDirectory}. hint: run the tests from the clone.");
    }
}
