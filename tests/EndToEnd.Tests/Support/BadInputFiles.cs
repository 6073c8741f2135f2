using System.Text;

namespace Upweave.EndToEnd.Tests.Support;

/// <summary>A folder with good files, bad files and jobs for commands that must be refused.</summary>
public sealed class BadInputFiles : IDisposable
{
    public BadInputFiles()
    {
        WriteArrays();
        WriteBadArrays();
        WriteJobs();
    }

    public TestFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    private void WriteArrays()
    {
        Folder.Write("x.npy", NpyArray.Random(1, 2, 5, 6));
        Folder.Write("w.npy", NpyArray.Random(2, 2, 3, 2, 2));
        Folder.Write("volume.npy", NpyArray.Random(3, 1, 2, 3, 4, 5, 6));
        Folder.Write("taken.npy", NpyArray.Random(4, 3));
        Folder.Write("bias4.npy", NpyArray.Random(5, 4));
        Folder.Write("w1.npy", NpyArray.Random(6, 2, 3));
        Folder.Write("huge.npy", NpyArray.Random(7, 4, 200, 200));
        Folder.Write("wide.npy", NpyArray.Random(8, 4, 4, 3, 3));
        Directory.CreateDirectory(Folder.At("folder.zarr"));
        Folder.Write("folder.zarr/holiday.txt", "not an array"u8);
    }

    private void WriteBadArrays()
    {
        byte[] whole = [.. NpyFile.Header(NpyArray.Random(1, 2, 5, 6)), .. new byte[240]];
        Folder.Write("truncated.npy", whole.AsSpan(0, whole.Length - 7));
        Folder.Write("objects.npy", NpyFile.Header(new NpyArray("|O", [3], [])));
        Folder.Write("text.npy", "this is not an array"u8);
        Folder.Write("broken.png", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 1, 2, 3]);
        float[] weights = new float[24];
        (weights[7], weights[9]) = (float.NaN, float.PositiveInfinity);
        Folder.Write("nan.npy", NpyArray.Float32([2, 3, 2, 2], weights));
    }

    private void WriteJobs()
    {
        WriteJob("unknown.json", """ "version": 1, "colour": 3, "layers": [{ "weights": "w.npy", "stride": [2] }] """);
        WriteJob("version.json", """ "version": 7, "layers": [{ "weights": "w.npy" }] """);
        WriteJob("layers.json", """ "version": 1, "layers": [{ "weights": "w.npy" }, { "weights": "w.npy" }] """);
        WriteJob("network.json", """ "version": 1, "layers": [{ "weights": "w.npy" }], "network": { "onnx": "n.onnx" } """);
        WriteJob("type.json", """ "version": 1, "layers": [{ "weights": "w.npy", "strides": "two" }] """);
        Folder.Write("nowhere.json", """{ "version": 1, "input": "x.npy", "layers": [{ "weights": "w.npy" }] }"""u8);
        Folder.Write("syntax.json", "{ \"version\": 1, "u8);
    }

    private void WriteJob(string name, string fields) =>
        Folder.Write(name, Encoding.UTF8.GetBytes($$"""{ "input": "x.npy", "output": "y.npy", {{fields}} }"""));
}
