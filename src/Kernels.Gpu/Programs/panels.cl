// The direct algorithm as a product of matrices, without any of them in memory: rows are filters (MERGED: filters times phases, which
// then share the inputs that they read), columns are positions of outputs, and the sum runs over chunks of channels, taps, channels.
//
// A work group computes BM rows of BN columns. BK channels of a tap at a time go through local memory, the next ones through
// registers meanwhile. A work item has TM rows and TN columns, in runs of four: (i / 4) * BM / (TM / 4) + 4 * its own + i % 4.
// Weights: per phase and group [chunk, tap, channel, ROWS_PADDED], so they are read in order.

#define SPREAD(i, own, B, T) (((i) / 4) * ((B) / ((T) / 4)) + 4 * (own) + (i) % 4)
#define COLUMNS_LOADED (BN > THREADS ? BN / THREADS : 1)
#define A_LOADS ((BK * BM / 4 + THREADS - 1) / THREADS)
#define B_LOADS (BK * BN / THREADS)
#define CHANNELS_OF(chunk) min(CHANNELS_PER_BLOCK, CHANNELS_PER_GROUP - (chunk) * CHANNELS_PER_BLOCK)

// Positions of a phase's outputs on an axis. MERGED: of all phases.
typedef struct
{
    int first; // position of the first, counted from the box's
    int count;
} Range;

Range range_of(int extent, int boxPhase, int phase, int stride)
{
    Range range;
#if MERGED
    range.first = 0;
    range.count = (boxPhase + extent - 1) / stride + 1;
#else
    range.first = phase < boxPhase ? 1 : 0;
    int output = range.first * stride + phase - boxPhase;
    range.count = output < extent ? (extent - output + stride - 1) / stride : 0;
#endif
    return range;
}

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void panels(
    __global const float* restrict input, __global const float* restrict weights, __global const float* restrict parameters,
    __global float* restrict output, Box box)
{
    __local float4 aTile[2][BK * BM / 4];
    __local float4 bTile[2][BK * BN / 4];
    int item = get_local_id(0);
    int column4 = item % (BN / TN), row4 = item / (BN / TN);

    int rest = get_group_id(2);
#if MERGED
    int phase = 0, phaseZ = 0, phaseY = 0, phaseX = 0;
#else
    int phase = rest % PHASES;
    rest /= PHASES;
    int phaseX = phase % STRIDE_X, phaseY = phase / STRIDE_X % STRIDE_Y, phaseZ = phase / STRIDE_X / STRIDE_Y;
#endif
    int group = rest % GROUPS;
#if SPLIT
    int chunkFirst = rest / GROUPS, chunkEnd = chunkFirst + 1;
#else
    int chunkFirst = 0, chunkEnd = CHUNKS;
#endif
    Range z = range_of(box.outputZ, box.phaseZ, phaseZ, STRIDE_Z);
    Range y = range_of(box.outputY, box.phaseY, phaseY, STRIDE_Y);
    Range x = range_of(box.outputX, box.phaseX, phaseX, STRIDE_X);
    int columns = box.batch * z.count * y.count * x.count;
    int columnFirst = get_group_id(0) * BN;
    int rowFirst = get_group_id(1) * BM;
    if (columnFirst >= columns)
        return;

    int volume = box.inputZ * box.inputY * box.inputX;
    int base[COLUMNS_LOADED];
    for (int i = 0; i < COLUMNS_LOADED; i++)
    {
        int at = min(columnFirst + (item + i * THREADS) % BN, columns - 1);
        int atX = at % x.count;
        at /= x.count;
        int atY = at % y.count;
        at /= y.count;
        int atZ = at % z.count;
        int image = at / z.count;
        base[i] = (image * CHANNELS_IN + group * CHANNELS_PER_GROUP) * volume
            + ((box.firstZ + z.first + atZ) * box.inputY + box.firstY + y.first + atY) * box.inputX + box.firstX + x.first + atX;
    }

    int taps = tapStart[phase + 1] - tapStart[phase];
    weights += (tapStart[phase] * GROUPS + group * taps) * CHANNELS_PER_GROUP * ROWS_PADDED;
    float sum[TM][TN], subtotal[TM][TN];
#if CHUNKS > 1 && !SPLIT
    TOTAL_KEPT float total[TM][TN];
#endif
    for (int i = 0; i < TM; i++)
    {
        for (int j = 0; j < TN; j++)
        {
            sum[i][j] = 0.0f;
            subtotal[i][j] = 0.0f;
#if CHUNKS > 1 && !SPLIT
            total[i][j] = 0.0f;
#endif
        }
    }

    float4 aNext[A_LOADS];
    float bNext[B_LOADS];
    int chunk = chunkFirst, tap = 0, channel = 0, k = chunkFirst * CHANNELS_PER_BLOCK * taps; // what is loaded next
    int chunkNow = chunkFirst, tapNow = 0, channelNow = 0;                                       // what is computed now
    int buffer = 0;
    bool isFirst = true;
    while (taps > 0)
    {
        bool isMore = chunk < chunkEnd;
        if (isMore)
        {
            int left = CHANNELS_OF(chunk) - channel;
            int tapIndex = tapStart[phase] + tap;
            int offset = (tapShift[tapIndex].x * box.inputY + tapShift[tapIndex].y) * box.inputX + tapShift[tapIndex].z
                + (chunk * CHANNELS_PER_BLOCK + channel) * volume;
#pragma unroll
            for (int i = 0; i < A_LOADS; i++)
            {
                int e = item + i * THREADS;
                int of = e / (BM / 4), row = rowFirst + 4 * (e % (BM / 4));
                aNext[i] = of < min(left, BK) && row < ROWS_PADDED ? vload4(0, weights + (k + of) * ROWS_PADDED + row) : (float4)(0.0f);
            }

#pragma unroll
            for (int i = 0; i < B_LOADS; i++)
            {
                int of = (item + i * THREADS) / BN;
                int at = base[i % COLUMNS_LOADED] + offset + of * volume;
#if MERGED
                at = clamp(at, 0, box.batch * CHANNELS_IN * volume - 1); // what no output in the box reads may lie outside
#endif
                bNext[i] = of < left ? input[at] : 0.0f;
            }

            int taken = min(left, BK);
            k += taken;
            channel += taken;
            if (channel == CHANNELS_OF(chunk))
            {
                channel = 0;
                if (++tap == taps)
                {
                    tap = 0;
                    chunk++;
                }
            }
        }

        if (!isFirst)
        {
            __local const float4* a = aTile[buffer];
            __local const float4* b = bTile[buffer];
#pragma unroll
            for (int of = 0; of < BK; of++)
            {
                float aRow[TM], bRow[TN];
#pragma unroll
                for (int i = 0; i < TM; i += 4)
                    vstore4(a[(of * BM + SPREAD(i, row4, BM, TM)) / 4], 0, aRow + i);
#pragma unroll
                for (int j = 0; j < TN; j += 4)
                    vstore4(b[(of * BN + SPREAD(j, column4, BN, TN)) / 4], 0, bRow + j);
#pragma unroll
                for (int i = 0; i < TM; i++)
                {
#pragma unroll
                    for (int j = 0; j < TN; j++)
                        sum[i][j] = fma(bRow[j], aRow[i], sum[i][j]);
                }
            }

            channelNow += BK;
            if (channelNow >= CHANNELS_OF(chunkNow))
            {
                channelNow = 0;
#pragma unroll
                for (int i = 0; i < TM; i++)
                {
                    bool has = true;
#if RAGGED
                    int rowPhase = (rowFirst + SPREAD(i, row4, BM, TM)) % PHASES;
                    int3 shift = tapShift[tapNow];
                    has = rowPhase % STRIDE_X - shift.z * STRIDE_X < KERNEL_X
                        && rowPhase / STRIDE_X % STRIDE_Y - shift.y * STRIDE_Y < KERNEL_Y
                        && rowPhase / STRIDE_X / STRIDE_Y - shift.x * STRIDE_Z < KERNEL_Z;
#endif
#pragma unroll
                    for (int j = 0; j < TN; j++)
                    {
                        subtotal[i][j] = has ? subtotal[i][j] + sum[i][j] : subtotal[i][j];
                        sum[i][j] = 0.0f;
                    }
                }

                if (++tapNow == taps)
                {
                    tapNow = 0;
                    chunkNow++;
#if CHUNKS > 1 && !SPLIT
#pragma unroll
                    for (int i = 0; i < TM; i++)
                    {
#pragma unroll
                        for (int j = 0; j < TN; j++)
                        {
                            total[i][j] = total[i][j] + subtotal[i][j];
                            subtotal[i][j] = 0.0f;
                        }
                    }
#endif
                }
            }

            buffer ^= 1;
        }

        isFirst = false;
        if (!isMore)
            break;
#pragma unroll
        for (int i = 0; i < A_LOADS; i++)
        {
            int e = item + i * THREADS;
            if (e < BK * BM / 4)
                aTile[buffer][e] = aNext[i];
        }

#pragma unroll
        for (int i = 0; i < B_LOADS; i++)
            ((__local float*)bTile[buffer])[item + i * THREADS] = bNext[i];
        barrier(CLK_LOCAL_MEM_FENCE);
    }

    int outputVolume = box.outputZ * box.outputY * box.outputX;
#pragma unroll
    for (int j = 0; j < TN; j++)
    {
        int at = columnFirst + SPREAD(j, column4, BN, TN);
        if (at >= columns)
            continue;
        int outX = (x.first + at % x.count) * STRIDE_X - box.phaseX + phaseX;
        at /= x.count;
        int outY = (y.first + at % y.count) * STRIDE_Y - box.phaseY + phaseY;
        at /= y.count;
        int outZ = (z.first + at % z.count) * STRIDE_Z - box.phaseZ + phaseZ;
        int image = at / z.count;
#pragma unroll
        for (int i = 0; i < TM; i++)
        {
            int row = rowFirst + SPREAD(i, row4, BM, TM);
            if (row >= ROWS)
                continue;
#if MERGED
            int channelOut = group * FILTERS_PER_GROUP + row / PHASES;
            int rowPhase = row % PHASES;
            int toX = outX + rowPhase % STRIDE_X;
            int toY = outY + rowPhase / STRIDE_X % STRIDE_Y;
            int toZ = outZ + rowPhase / STRIDE_X / STRIDE_Y;
            if (toX < 0 || toX >= box.outputX || toY < 0 || toY >= box.outputY || toZ < 0 || toZ >= box.outputZ)
                continue;
#else
            int channelOut = group * FILTERS_PER_GROUP + row;
            int toX = outX, toY = outY, toZ = outZ;
#endif
            int to = (image * CHANNELS_OUT + channelOut) * outputVolume + (toZ * box.outputY + toY) * box.outputX + toX;
#if SPLIT
            output[chunkFirst * (box.batch * CHANNELS_OUT * outputVolume) + to] = subtotal[i][j];
#elif CHUNKS > 1
            output[to] = finish(total[i][j], channelOut, parameters);
#else
            output[to] = finish(subtotal[i][j], channelOut, parameters);
#endif
        }
    }
}

// SPLIT: the chunks' subtotals, each computed by a work group of its own, are added in their order.
__kernel void add_chunks(
    __global const float* restrict subtotals, __global const float* restrict parameters, __global float* restrict output, int outputVolume,
    int outputs)
{
    int at = get_global_id(0);
    if (at >= outputs)
        return;
    float total = 0.0f;
    for (int chunk = 0; chunk < CHUNKS; chunk++)
        total = total + subtotals[chunk * outputs + at];
    output[at] = finish(total, at / outputVolume % CHANNELS_OUT, parameters);
}
