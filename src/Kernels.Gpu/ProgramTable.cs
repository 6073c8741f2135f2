using System.Globalization;

namespace Upweave.Kernels.Gpu;

/// <summary>
/// Tables in a program's text. Of numbers, never of vectors: NVIDIA's compiler packs constant vectors of three otherwise than it reads
/// them.
/// </summary>
internal static class ProgramTable
{
    public static string Of(string name, IEnumerable<int> numbers) => string.Create(
        CultureInfo.InvariantCulture, $"__constant int {name}[] = {{ {string.Join(", ", numbers.DefaultIfEmpty(0))} }};\n");
}
