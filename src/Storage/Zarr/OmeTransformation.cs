namespace Upweave.Storage.Zarr;

/// <summary>A scale or a translation: a number for each axis of the array.</summary>
internal sealed record OmeTransformation(bool IsScale, IReadOnlyList<double> Numbers)
{
    public string Name => IsScale ? "scale" : "translation";

    /// <summary>Follows <c>world = scale * index + translation</c> by this.</summary>
    public void Apply(double[] scale, double[] translation)
    {
        for (int axis = 0; axis < scale.Length; axis++)
        {
            scale[axis] *= IsScale ? Numbers[axis] : 1;
            translation[axis] = IsScale ? translation[axis] * Numbers[axis] : translation[axis] + Numbers[axis];
        }
    }
}
