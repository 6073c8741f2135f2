using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>One of several resolutions of an array.</summary>
/// <param name="Mark">Stands between the array's reference and the name: <c>/</c> for one in a group, <c>#</c> in a file.</param>
/// <param name="Name">A path below the group, or a number from 0 for the highest.</param>
public sealed record ArrayLevel(char Mark, string Name)
{
    /// <summary>Null where that is not known without opening it, or where it cannot be opened.</summary>
    public Dims? Shape { get; init; }

    /// <summary>Why it cannot be opened; null where nothing is known against it.</summary>
    public string? Problem { get; init; }

    /// <summary>The name as people read it: <c>1</c> in a group, <c>#1</c> in a file.</summary>
    public string Path => Mark == '/' ? Name : Mark + Name;

    /// <summary>The reference that opens it.</summary>
    /// <param name="array">The array's own.</param>
    public string ReferenceIn(string array) => $"{array.TrimEnd('/')}{Mark}{Name}";

    /// <summary>How many elements of the highest resolution one of these stands for, on each axis.</summary>
    /// <param name="full">Shape of the highest.</param>
    /// <returns>Null where this one's shape is not known, or has another number of axes.</returns>
    public IReadOnlyList<double>? ScaleFrom(Dims full) =>
        Shape is { } shape && shape.Count == full.Count ? [.. full.Zip(shape, ScaleOf)] : null;

    /// <summary>
    /// The same on one axis. Levels are rounded to whole elements, up or down: a power of 2 is taken where it gives such a level, else
    /// a whole number that does.
    /// </summary>
    /// <param name="full">Elements of the highest resolution.</param>
    /// <param name="level">Elements of this one.</param>
    public static double ScaleOf(long full, long level)
    {
        double ratio = (double)full / level;
        double[] likely = [Math.Pow(2, Math.Round(Math.Log2(ratio))), Math.Round(ratio)];
        return likely.Cast<double?>().FirstOrDefault(
            scale => scale >= 1 && (Math.Floor(full / scale.Value) == level || Math.Ceiling(full / scale.Value) == level)) ?? ratio;
    }
}
