// Sums as a product of matrices. Direct: without any of them in memory; rows are filters (MERGED: filters times phases, which then share
// the inputs that they read), columns are positions of outputs. MINIMAL: rows are filters times phases of a class, columns are cells, the
// inputs are transformed already, and a panel is a point. The sum runs over chunks of channels, taps, channels.
//
// A work group computes BM rows of BN columns. BK channels of a tap at a time go through local memory, the next ones through
// registers meanwhile. 32 work items, a warp, read few different values, so that local memory serves them at once. A work item has TM rows and TN columns, in runs of four: (i / 4) * BM / (TM / 4) + 4 * its own + i % 4.
// Weights: per phase and group [chunk, tap, channel, ROWS_PADDED], so they are read in order.

//
// NARROW: few rows. A work item has all of them, and columns of its own, THREADS apart; nobody shares its inputs, which stay in registers.

#define SPREAD(i, own, B, T) (((i) / 4) * ((B) / ((T) / 4)) + 4 * (own) + (i) % 4)
#define COLUMNS_LOADED (BN > THREADS ? BN / THREADS : 1)
#if NARROW
#define ROW_OF(i) (i)
#else
#define ROW_OF(i) SPREAD(i, row4, BM, TM)
#endif
#define A_LOADS ((BK * BM / 4 + THREADS - 1) / THREADS)
#define B_LOADS (BK * BN / THREADS)
#define CHANNELS_OF(chunk) min(CHANNELS_PER_CHUNK, CHANNELS_PER_GROUP - (chunk) * CHANNELS_PER_CHUNK)

#if !MINIMAL
void store(
    __global float* output, float sum, Place place, int row, int group, int part, __global const float* parameters, Box box)
{
    int channel = channel_of(row, group);
    int to = output_of(place, row, channel, box);
    if (to >= 0)
        output[to + (SPLIT ? part * outputs_of(box) : 0)] = SPLIT ? sum : finish(sum, channel, parameters);
}
#endif

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void panels(
    __global const float* restrict input, __global const float* restrict weights, __global const float* restrict parameters,
    __global float* restrict output, Box box
#if MINIMAL
    , int columnsMost
#endif
    )
{
#if !MINIMAL
    const int rows = ROWS, rowsPadded = ROWS_PADDED;
    input += INPUT_SLACK;
#else
    int point = get_group_id(2) / PHASES / GROUPS;
    int rows = pointRows[point], rowsPadded = (rows + 3) / 4 * 4;
#endif
    __local float4 aTile[2][BK * BM / 4];
    int item = get_local_id(0);
#if NARROW
    float bNow[B_LOADS];
#else
    __local float4 bTile[2][BK * BN / 4];
    int lane = item % 32, warp = item / 32;
    int row4 = warp % (BM / TM / WARP_ROWS) * WARP_ROWS + LANE_ROW(lane);
    int column4 = warp / (BM / TM / WARP_ROWS) * WARP_COLUMNS + LANE_COLUMN(lane);
#endif

    int rest = get_group_id(2);
#if MERGED
    int phase = 0, phaseZ = 0, phaseY = 0, phaseX = 0;
#elif MINIMAL
    int phase = rest % PHASES; // of the axes without cells
    rest /= PHASES;
    int phaseX = 0, phaseY = PAIRED_Y ? 0 : phase % STRIDE_Y, phaseZ = PAIRED_Y ? phase : phase / STRIDE_Y;
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
#if MINIMAL
    Range z = positions_of(box.outputZ, box.phaseZ, phaseZ, STRIDE_Z);
    Range y = PAIRED_Y ? cells_of(box.outputY, box.phaseY, box.oddY, STRIDE_Y) : positions_of(box.outputY, box.phaseY, phaseY, STRIDE_Y);
    Range x = cells_of(box.outputX, box.phaseX, box.oddX, STRIDE_X);
#elif MERGED
    Range z = all_positions(box.outputZ, box.phaseZ, STRIDE_Z);
    Range y = all_positions(box.outputY, box.phaseY, STRIDE_Y);
    Range x = all_positions(box.outputX, box.phaseX, STRIDE_X);
#else
    Range z = positions_of(box.outputZ, box.phaseZ, phaseZ, STRIDE_Z);
    Range y = positions_of(box.outputY, box.phaseY, phaseY, STRIDE_Y);
    Range x = positions_of(box.outputX, box.phaseX, phaseX, STRIDE_X);
#endif
    int columns = box.batch * z.count * y.count * x.count;
    int columnFirst = get_group_id(0) * BN;
    int rowFirst = get_group_id(1) * BM;
    if (columnFirst >= columns || rowFirst >= rows)
        return;

#if MINIMAL
    int width = x.count, height = PAIRED_Y ? y.count : box.inputY;
#else
    int width = box.inputX, height = box.inputY;
#endif
    int volume = box.inputZ * height * width;
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
#if MINIMAL
        image += pointLine[point] * box.batch;
        base[i] = ((box.firstZ + z.first + atZ) * height + (PAIRED_Y ? 0 : box.firstY + y.first) + atY) * width + atX;
#else
        base[i] = ((box.firstZ + z.first + atZ) * height + box.firstY + y.first + atY) * width + box.firstX + x.first + atX;
#endif
        base[i] += (image * CHANNELS_IN + group * CHANNELS_PER_GROUP) * volume;
    }

    int taps = tapStart[phase + 1] - tapStart[phase];
    weights += (tapStart[phase] * GROUPS + group * taps) * CHANNELS_PER_GROUP * rowsPadded;
#if MINIMAL
    weights += pointWeights[point];
#endif
    float sum[TM][TN], subtotal[TM][TN];
#if CHUNKS > 1 && !SPLIT
    float total[TM][TN];
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
    int chunk = chunkFirst, tap = 0, channel = 0, k = chunkFirst * CHANNELS_PER_CHUNK * taps; // what is loaded next
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
            int offset = (tapShiftZ[tapIndex] * height + tapShiftY[tapIndex]) * width + tapShiftX[tapIndex]
                + (chunk * CHANNELS_PER_CHUNK + channel) * volume;
#pragma unroll
            for (int i = 0; i < A_LOADS; i++)
            {
                int e = item + i * THREADS;
                // What lies beyond the last channel meets an input of zero, and beyond the last row nobody stores it.
                int of = min(e / (BM / 4), left - 1), row = min(rowFirst + 4 * (e % (BM / 4)), rowsPadded - 4);
                aNext[i] = *(__global const float4*)(weights + (k + of) * rowsPadded + row);
            }

#pragma unroll
            for (int i = 0; i < B_LOADS; i++)
            {
                int of = (item + i * THREADS) / BN;
                int at = base[i % COLUMNS_LOADED] + offset + (EVEN ? of : min(of, left - 1)) * volume;
#if MERGED
                at = clamp(at, 0, box.batch * CHANNELS_IN * volume - 1); // what no output in the box reads may lie outside
#endif
                float value = input[at];
                bNext[i] = EVEN || of < left ? value : 0.0f;
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
#if !NARROW
            __local const float4* b = bTile[buffer];
#endif
#pragma unroll
            for (int of = 0; of < BK; of++)
            {
                float aRow[TM], bRow[TN];
#pragma unroll
                for (int i = 0; i < TM; i += 4)
                    vstore4(a[(of * BM + ROW_OF(i)) / 4], 0, aRow + i);
#if NARROW
#pragma unroll
                for (int j = 0; j < TN; j++)
                    bRow[j] = bNow[of * TN + j];
#else
#pragma unroll
                for (int j = 0; j < TN; j += 4)
                    vstore4(b[(of * BN + SPREAD(j, column4, BN, TN)) / 4], 0, bRow + j);
#endif
#pragma unroll
                for (int i = 0; i < TM; i++)
                {
#pragma unroll
                    for (int j = 0; j < TN; j++)
                        sum[i][j] = fma(bRow[j], aRow[i], sum[i][j]);
                }
            }

            channelNow += BK;
            bool isTapDone = channelNow >= CHANNELS_OF(chunkNow);
            if (isTapDone || channelNow % CHANNELS_PER_SUM == 0)
            {
#pragma unroll
                for (int i = 0; i < TM; i++)
                {
                    bool has = true;
#if RAGGED
                    int rowPhase = (rowFirst + ROW_OF(i)) % PHASES;
                    has = rowPhase % STRIDE_X - tapShiftX[tapNow] * STRIDE_X < KERNEL_X
                        && rowPhase / STRIDE_X % STRIDE_Y - tapShiftY[tapNow] * STRIDE_Y < KERNEL_Y
                        && rowPhase / STRIDE_X / STRIDE_Y - tapShiftZ[tapNow] * STRIDE_Z < KERNEL_Z;
#endif
#pragma unroll
                    for (int j = 0; j < TN; j++)
                    {
                        subtotal[i][j] = has ? subtotal[i][j] + sum[i][j] : subtotal[i][j];
                        sum[i][j] = 0.0f;
                    }
                }

                channelNow = isTapDone ? 0 : channelNow;
                tapNow += isTapDone ? 1 : 0;
                if (tapNow == taps)
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
        {
#if NARROW
            bNow[i] = bNext[i];
#else
            ((__local float*)bTile[buffer])[item + i * THREADS] = bNext[i];
#endif
        }

        barrier(CLK_LOCAL_MEM_FENCE);
    }

#if CHUNKS > 1 && !SPLIT
#define SUM_OF(i, j) total[i][j]
#else
#define SUM_OF(i, j) subtotal[i][j]
#endif
#if MINIMAL
    output += (pointSums[point] + (phase * GROUPS + group) * rows) * columnsMost;
#endif
#if NARROW || MINIMAL
#pragma unroll
    for (int j = 0; j < TN; j++)
    {
#if NARROW
        int at = columnFirst + item + j * THREADS;
#else
        int at = columnFirst + SPREAD(j, column4, BN, TN);
#endif
        if (at >= columns)
            continue;
#if !MINIMAL
        Place place = place_of(at, box, z, y, x, phaseZ, phaseY, phaseX);
#endif
#pragma unroll
        for (int i = 0; i < TM; i++)
        {
            int row = rowFirst + ROW_OF(i);
            if (row >= rows)
                continue;
#if MINIMAL
            output[row * columnsMost + at] = SUM_OF(i, j);
#else
            store(output, SUM_OF(i, j), place, row, group, chunkFirst, parameters, box);
#endif
        }
    }
#else
    // A row's neighbours are in different work items' hands: through local memory they come to one warp, and leave side by side.
    __local float* shelf = (__local float*)bTile;
    for (int c = 0; c < COLUMNS_LOADED; c++)
    {
        int own = (item + c * THREADS) % BN;
        Place place = place_of(min(columnFirst + own, columns - 1), box, z, y, x, phaseZ, phaseY, phaseX);
#pragma unroll
        for (int i = 0; i < TM; i++)
        {
            barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll
            for (int j = 0; j < TN; j++)
                shelf[row4 * BN + SPREAD(j, column4, BN, TN)] = SUM_OF(i, j);
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int r = item / BN; r < BM / TM; r += max(THREADS / BN, 1))
            {
                int row = rowFirst + SPREAD(i, r, BM, TM);
                if (row < rows && columnFirst + own < columns)
                    store(output, shelf[r * BN + own], place, row, group, chunkFirst, parameters, box);
            }
        }
    }
#endif
}
