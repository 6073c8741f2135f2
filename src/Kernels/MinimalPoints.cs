namespace Upweave.Kernels;

/// <summary>A phase's weights at the points of docs/arithmetic.md, along one axis; for whoever packs them.</summary>
internal static class MinimalPoints
{
    /// <param name="point">0 to 2.</param>
    public static float OfTwo(float far, float near, int point) => point == 0 ? far : point == 1 ? far + near : near;

    /// <param name="point">0 to 3.</param>
    public static float OfThree(float farthest, float far, float near, int point)
    {
        float ends = farthest + near;
        return point switch
        {
            0 => farthest,
            1 => (ends + far) * 0.5f,
            2 => (ends - far) * 0.5f,
            _ => near,
        };
    }
}
