// The direct algorithm for layers with few filters, which are bound by how often inputs and weights are read. A work item computes all
// phases of FILTERS filters at POSITIONS positions of outputs below each other, with a sum for each element of each filter's kernel: so an
// input is read once and meets all the elements that it has in common with these outputs. A kernel's element k is the tap k / S of phase k % S.
// Weights: per run of FILTERS filters [channel, filter, kernel], each channel's padded to fours.

#define TAPS_Z ((KERNEL_Z + STRIDE_Z - 1) / STRIDE_Z)
#define TAPS_Y ((KERNEL_Y + STRIDE_Y - 1) / STRIDE_Y)
#define TAPS_X ((KERNEL_X + STRIDE_X - 1) / STRIDE_X)
#define LINES_Y (TAPS_Y + POSITIONS - 1)
#define LINES (TAPS_Z * LINES_Y)
#define KERNEL (KERNEL_Z * KERNEL_Y * KERNEL_X)
#define WEIGHTS ((FILTERS * KERNEL + 3) / 4)
#define PHASES (STRIDE_Z * STRIDE_Y * STRIDE_X)

// Inputs of DEPTH channels: the item's lines, of each the output's own position and those before. Positions before an array's line
// are no output's that is in the box; before the first one, INPUT_SLACK has room.
void take(float* inputs, __global const float* input, const int* lines, int volume)
{
#pragma unroll
    for (int c = 0; c < DEPTH; c++)
    {
#pragma unroll
        for (int line = 0; line < LINES; line++)
        {
#pragma unroll
            for (int x = 0; x < TAPS_X; x++)
                inputs[(c * LINES + line) * TAPS_X + x] = input[c * volume + lines[line] - x];
        }
    }
}

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void stencil(
    __global const float* restrict input, __global const float4* restrict weights, __global const float* restrict parameters,
    __global float* restrict output, Box box)
{
    __local float4 shared[CHANNELS_PER_BLOCK * WEIGHTS];
    Range z = all_positions(box.outputZ, box.phaseZ, STRIDE_Z);
    Range y = all_positions(box.outputY, box.phaseY, STRIDE_Y);
    Range x = all_positions(box.outputX, box.phaseX, STRIDE_X);
    int blocks = (y.count + POSITIONS - 1) / POSITIONS;
    int columns = box.batch * z.count * blocks * x.count;
    int at = min((int)get_global_id(0), columns - 1);
    int atX = at % x.count;
    at /= x.count;
    int atY = at % blocks * POSITIONS;
    at /= blocks;
    int atZ = at % z.count;
    int image = at / z.count;
    int run = get_group_id(1);
    int channelFirst = run * FILTERS;
    int volume = box.inputZ * box.inputY * box.inputX;
    input += INPUT_SLACK + (image * CHANNELS_IN + channelFirst / FILTERS_PER_GROUP * CHANNELS_PER_GROUP) * volume;
    weights += run * CHANNELS_PER_GROUP * WEIGHTS;

    int lines[LINES];
#pragma unroll
    for (int line = 0; line < LINES; line++)
    {
        // What lies outside is no output's that is in the box.
        int lineZ = clamp(box.firstZ + atZ - line / LINES_Y, 0, box.inputZ - 1);
        int lineY = clamp(box.firstY + atY - (TAPS_Y - 1) + line % LINES_Y, 0, box.inputY - 1);
        lines[line] = (lineZ * box.inputY + lineY) * box.inputX + box.firstX + atX;
    }

    float total[FILTERS * PHASES][POSITIONS];
#pragma unroll
    for (int row = 0; row < FILTERS * PHASES; row++)
    {
#pragma unroll
        for (int p = 0; p < POSITIONS; p++)
            total[row][p] = 0.0f;
    }

    float next[DEPTH * LINES * TAPS_X];
    take(next, input, lines, volume);
    for (int start = 0; start < CHANNELS_PER_GROUP; start += CHANNELS_PER_BLOCK)
    {
        int end = min(start + CHANNELS_PER_BLOCK, CHANNELS_PER_GROUP);
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int i = get_local_id(0); i < (end - start) * WEIGHTS; i += THREADS)
            shared[i] = weights[start * WEIGHTS + i];
        barrier(CLK_LOCAL_MEM_FENCE);
        float sum[FILTERS * KERNEL][POSITIONS];
#pragma unroll
        for (int of = 0; of < FILTERS * KERNEL; of++)
        {
#pragma unroll
            for (int p = 0; p < POSITIONS; p++)
                sum[of][p] = 0.0f;
        }

        for (int channel = start; channel < end; channel += DEPTH)
        {
            float now[DEPTH * LINES * TAPS_X];
#pragma unroll
            for (int i = 0; i < DEPTH * LINES * TAPS_X; i++)
                now[i] = next[i];
            input += channel + DEPTH < CHANNELS_PER_GROUP ? DEPTH * volume : 0;
            take(next, input, lines, volume);
#pragma unroll
            for (int c = 0; c < DEPTH; c++)
            {
                float w[4 * WEIGHTS];
#pragma unroll
                for (int i = 0; i < WEIGHTS; i++)
                {
                    float4 four = shared[(channel - start + c) * WEIGHTS + i];
                    w[4 * i] = four.x;
                    w[4 * i + 1] = four.y;
                    w[4 * i + 2] = four.z;
                    w[4 * i + 3] = four.w;
                }
#pragma unroll
                for (int of = 0; of < FILTERS * KERNEL; of++)
                {
                    int k = of % KERNEL, tapZ = k / KERNEL_X / KERNEL_Y / STRIDE_Z, tapY = k / KERNEL_X % KERNEL_Y / STRIDE_Y;
                    int line = tapZ * LINES_Y + TAPS_Y - 1 - tapY;
#pragma unroll
                    for (int p = 0; p < POSITIONS; p++)
                        sum[of][p] = fma(now[(c * LINES + line + p) * TAPS_X + k % KERNEL_X / STRIDE_X], w[of], sum[of][p]);
                }
            }
        }

#pragma unroll
        for (int row = 0; row < FILTERS * PHASES; row++)
        {
            int phase = row % PHASES;
#pragma unroll
            for (int p = 0; p < POSITIONS; p++)
            {
                float subtotal = 0.0f;
#pragma unroll
                for (int tapZ = 0; tapZ < TAPS_Z; tapZ++)
                {
#pragma unroll
                    for (int tapY = 0; tapY < TAPS_Y; tapY++)
                    {
#pragma unroll
                        for (int tapX = 0; tapX < TAPS_X; tapX++)
                        {
                            int kz = phase / STRIDE_X / STRIDE_Y + tapZ * STRIDE_Z, ky = phase / STRIDE_X % STRIDE_Y + tapY * STRIDE_Y;
                            int kx = phase % STRIDE_X + tapX * STRIDE_X;
                            if (kz < KERNEL_Z && ky < KERNEL_Y && kx < KERNEL_X)
                                subtotal = subtotal + sum[row / PHASES * KERNEL + (kz * KERNEL_Y + ky) * KERNEL_X + kx][p];
                        }
                    }
                }

                total[row][p] = total[row][p] + subtotal;
            }
        }
    }

    if (get_global_id(0) >= columns)
        return;
#pragma unroll
    for (int row = 0; row < FILTERS * PHASES; row++)
    {
        int phase = row % PHASES, channel = channelFirst + row / PHASES;
        int outZ = atZ * STRIDE_Z - box.phaseZ + phase / STRIDE_X / STRIDE_Y, outX = atX * STRIDE_X - box.phaseX + phase % STRIDE_X;
#pragma unroll
        for (int p = 0; p < POSITIONS; p++)
        {
            int outY = (atY + p) * STRIDE_Y - box.phaseY + phase / STRIDE_X % STRIDE_Y;
            if (outZ >= 0 && outZ < box.outputZ && outY >= 0 && outY < box.outputY && outX >= 0 && outX < box.outputX)
            {
                output[(((image * CHANNELS_OUT + channel) * box.outputZ + outZ) * box.outputY + outY) * box.outputX + outX]
                    = finish(total[row][p], channel, parameters);
            }
        }
    }
}
