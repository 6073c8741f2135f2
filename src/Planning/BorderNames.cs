using Upweave.Kernels;

namespace Upweave.Planning;

/// <summary>What lies beyond the input, by the names that jobs and plans give it.</summary>
public static class BorderNames
{
    public const string Zero = "zero";

    public const string Replicate = "replicate";

    /// <summary>What a job may ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [Zero, Replicate];

    /// <param name="name">One of <see cref="All"/>.</param>
    public static Border Read(string name) => name == Replicate ? Border.Replicate : Border.Zero;
}
