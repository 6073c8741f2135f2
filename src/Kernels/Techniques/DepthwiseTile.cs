namespace Upweave.Kernels.Techniques;

/// <summary>Some output rows that read the same input rows.</summary>
internal unsafe struct DepthwiseTile
{
    /// <summary>Per tap, in the order of the sum: what output 0 of the segment reads.</summary>
    public float** Sources;

    public int Taps;

    /// <summary>The first row's weights of the first tap, for an output of phase 0.</summary>
    public float* Weights;

    /// <summary>From one row's weights to the next row's.</summary>
    public nint WeightsRow;

    /// <summary>From one tap's weights to the next tap's.</summary>
    public nint Pitch;

    /// <summary>Output 0 of the segment, in the first row.</summary>
    public float* Output;

    public nint OutputRow;

    /// <summary>The channel's, with +0 for -0.</summary>
    public float Bias;

    /// <summary>Whether outputs go past the caches; they are aligned to vectors then.</summary>
    public bool IsStreamed;
}
