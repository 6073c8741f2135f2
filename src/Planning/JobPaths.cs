namespace Upweave.Planning;

/// <summary>Where a job keeps what belongs to an output: in the folder <c>OUTPUT.upweave</c> beside it.</summary>
public static class JobPaths
{
    /// <summary>The folder beside an output.</summary>
    public static string Side(string output) => output + ".upweave";

    /// <summary>The plan, whose existence claims the output.</summary>
    public static string Plan(string output) => Side(output) + "/plan.json";

    /// <summary>Tiles known to be done when it was last written.</summary>
    public static string Checkpoint(string output, string planHash) => $"{Side(output)}/{planHash}.done";

    /// <summary>A small picture of the input, for people who look at the job; see <see cref="JobPreview"/>.</summary>
    public static string Preview(string output, string planHash) => $"{Side(output)}/{planHash}-preview.png";

    /// <summary>Written once a minute while a coordinator has the job: it is not abandoned.</summary>
    public static string SignOfLife(string output, string planHash) => $"{Side(output)}/{planHash}.alive";

    /// <summary>What the export of a picture has staged, when it is complete; see <see cref="ExportNote"/>.</summary>
    public static string Export(string output, string planHash) => $"{Side(output)}/{planHash}.export";

    /// <summary>What a picture, or another file that is read from its beginning to its end, is ingested to.</summary>
    public static string ScratchInput(string output, string planHash) => $"{Side(output)}/{planHash}-input.zarr";

    /// <summary>The tiles of an output that is exported as a picture.</summary>
    public static string ScratchOutput(string output, string planHash) => $"{Side(output)}/{planHash}-output.zarr";
}
