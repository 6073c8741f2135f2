namespace Upweave.Kernels.Techniques;

/// <summary>A range of output columns, in all rows of a channel.</summary>
internal unsafe struct DepthwiseSegment
{
    /// <summary>The input channel at the first column that the segment reads, in the box's first row.</summary>
    public float* Input;

    /// <summary>The segment's first output in the row at hand.</summary>
    public float* Output;

    /// <summary>Outputs per row.</summary>
    public int Length;

    /// <summary>Phase of the first output of each row.</summary>
    public int Phase;

    /// <summary>The first of the output channels that are made of the input channel.</summary>
    public int Channel;

    public bool IsStreamed;
}
