// How a call's boxes lie; GpuBox.cs has the same structure and says what each number is.
typedef struct
{
    int batch;
    int inputZ, inputY, inputX;
    int outputZ, outputY, outputX;
    int firstZ, firstY, firstX;
    int phaseZ, phaseY, phaseX;
    int oddY, oddX;
} Box;

// Positions on an axis, counted from the box's first.
typedef struct
{
    int first;
    int count;
} Range;

// Those of a phase's outputs.
Range positions_of(int extent, int boxPhase, int phase, int stride)
{
    Range range;
    range.first = phase < boxPhase ? 1 : 0;
    int output = range.first * stride + phase - boxPhase;
    range.count = output < extent ? (extent - output + stride - 1) / stride : 0;
    return range;
}

// Those of any phase's outputs.
Range all_positions(int extent, int boxPhase, int stride)
{
    Range range;
    range.first = 0;
    range.count = (boxPhase + extent - 1) / stride + 1;
    return range;
}

// Pairs of positions; the first begins one position before the box's where that is odd.
Range cells_of(int extent, int boxPhase, int odd, int stride)
{
    Range range;
    range.first = -odd;
    range.count = (odd + (boxPhase + extent - 1) / stride) / 2 + 1;
    return range;
}

// An axis's tap k of phase r reads the input q + (r - k*D) / S, and is there if that division leaves no rest. Taps of a phase are
// every STEP-th, beginning with FIRST_TAP(r); where the stride shares no factor with the dilation's, STEP is the stride.
#define SHIFT_OF(r, k, S, D) (((r) - (k) * (D)) / (S))

// The sum behind one output by the direct algorithm, tap by tap: for layers with few channels, and for what another algorithm
// could not finish. (z, y, x): where in the input box the output's position lies; (rz, ry, rx): its phase.
float direct_total(
    __global const float* input, __global const float* weights, int inputX, int inputY, int inputZ,
    int z, int y, int x, int rz, int ry, int rx, int channelInGroup)
{
    int plane = inputX * inputY * inputZ;
    float total = 0.0f;
    for (int start = 0; start < CHANNELS_PER_GROUP; start += CHANNELS_PER_BLOCK)
    {
        int end = min(start + CHANNELS_PER_BLOCK, CHANNELS_PER_GROUP);
        float subtotal = 0.0f;
        float sum = 0.0f;
#if TAPS_PER_BLOCK > 1
        int tapsInBlock = 0;
#endif
        for (int kz = FIRST_TAP_Z(rz); kz < KERNEL_Z; kz += STEP_Z)
        {
            int atZ = (z + SHIFT_OF(rz, kz, STRIDE_Z, DILATION_Z)) * inputY;
            for (int ky = FIRST_TAP_Y(ry); ky < KERNEL_Y; ky += STEP_Y)
            {
                int atY = (atZ + y + SHIFT_OF(ry, ky, STRIDE_Y, DILATION_Y)) * inputX;
                for (int kx = FIRST_TAP_X(rx); kx < KERNEL_X; kx += STEP_X)
                {
                    int at = atY + x + SHIFT_OF(rx, kx, STRIDE_X, DILATION_X);
                    int tap = (kz * KERNEL_Y + ky) * KERNEL_X + kx;
                    for (int c = start; c < end; c++)
                    {
                        sum = fma(
                            input[c * plane + at],
                            weights[(c * FILTERS_PER_GROUP + channelInGroup) * (KERNEL_Z * KERNEL_Y * KERNEL_X) + tap], sum);
                    }
#if TAPS_PER_BLOCK > 1
                    if (++tapsInBlock == TAPS_PER_BLOCK)
                    {
                        subtotal += sum;
                        sum = 0.0f;
                        tapsInBlock = 0;
                    }
#else
                    subtotal += sum;
                    sum = 0.0f;
#endif
                }
            }
        }

#if TAPS_PER_BLOCK > 1
        subtotal += sum;
#endif
        total += subtotal;
    }

    return total;
}
