using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>The way through a call, row by row of the output; a subclass computes the rows.</summary>
internal abstract unsafe class DepthwiseKernel : IConvTransposeKernel
{
    private readonly ConvTransposeLayer layer;
    private readonly SpatialPhases phases;
    private readonly long workspaceLength;
    private readonly int kernelVolume;
    private readonly AlignedBuffer packed;

    /// <param name="packedWeights">[Cout, taps], in the order that the subclass wants.</param>
    protected DepthwiseKernel(
        string technique, ConvTransposeLayer layer, SpatialPhases phases, ReadOnlySpan<float> packedWeights)
    {
        Technique = technique;
        this.layer = layer;
        this.phases = phases;
        workspaceLength = DepthwiseTapsKernel.WorkspaceLength(layer);
        kernelVolume = checked((int)layer.Geometry.Kernel.Volume);
        packed = new AlignedBuffer(sizeof(float) * (long)packedWeights.Length);
        packedWeights.CopyTo(packed.Floats);
    }

    public string Technique { get; }

    protected SpatialPhases Phases => phases;

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        KernelArguments.CheckCall(
            layer, input.Length, inputBox, output.Length, outputBox, batch, workspace.Length, workspaceLength);
        BoxView view = new(inputBox, outputBox);
        (int phaseX, long positionX) = phases.X.Locate(view.OutputX);
        fixed (float* source = input, target = output, work = workspace, weights = packed.Floats)
        {
            DepthwiseCall call = new()
            {
                View = view,
                PhaseX = phaseX,
                ColumnX = (nint)(positionX - view.InputX),
                Workspace = work,
            };
            Prepare(call);
            Channels(call, source, weights, target, batch, cancellationToken);
        }

        GC.KeepAlive(packed);
    }

    public void Dispose() => packed.Dispose();

    /// <summary>Fills what the rows need in the workspace.</summary>
    protected abstract void Prepare(in DepthwiseCall call);

    /// <summary>Computes one row of the output.</summary>
    protected abstract void Row(in DepthwiseCall call, in DepthwiseRow row);

    private void Channels(
        in DepthwiseCall call, float* input, float* weights, float* output, int batch, CancellationToken cancellationToken)
    {
        for (int item = 0; item < batch; item++, input += call.View.InputChannelStride * layer.InputChannels)
        {
            for (int channel = 0; channel < layer.OutputChannels; channel++, output += call.View.OutputChannelStride)
            {
                float* source = input + (call.View.InputChannelStride * (channel / layer.OutputChannelsPerGroup));
                Rows(call, source, weights + ((nint)kernelVolume * channel), output, channel, cancellationToken);
            }
        }
    }

    private void Rows(
        in DepthwiseCall call, float* input, float* weights, float* output, int channel, CancellationToken cancellationToken)
    {
        BoxView view = call.View;
        for (int z = 0; z < view.Planes; z++)
        {
            (int phaseZ, long positionZ) = phases.Z.Locate(view.OutputZ + z);
            float* plane = input + ((nint)(positionZ - view.InputZ) * view.InputPlaneStride);
            for (int y = 0; y < view.Rows; y++, output += view.Width)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (int phaseY, long positionY) = phases.Y.Locate(view.OutputY + y);
                Row(call, new DepthwiseRow
                {
                    Input = plane + ((nint)(positionY - view.InputY) * view.InputRowStride),
                    Weights = weights,
                    Output = output,
                    Channel = channel,
                    PhaseZ = phaseZ,
                    PhaseY = phaseY,
                });
            }
        }
    }
}
