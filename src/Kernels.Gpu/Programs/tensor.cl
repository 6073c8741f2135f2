// The fast mode: sums on matrix units, in float32 over products of rounded factors. PRECISION: 1 tf32, 2 fp16, 3 bf16. Rows, columns and
// taps as in panels.cl; the sum's order is the hardware's.
//
// A number of 32 bits, a cell here, holds one channel (tf32) or two (PACK). A work group computes BM rows of BN columns, STEP cells of
// channels at a time; each warp of it WM x WN in matrices of 16 x 8. Of such a matrix a work item holds rows lane / 4 and 8 more, columns
// 2 * (lane % 4) and 1 more: PTX's fragments of mma.m16n8k8 and m16n8k16. Local memory has PAD cells after each row, so that the four
// rows and eight columns that a warp reads at once lie in 32 banks.

#define PAD 8
#define A_LOADS ((STEP * BM / 4 + THREADS - 1) / THREADS)
#define B_LOADS (STEP * BN / THREADS)
#define COLUMNS_LOADED (BN > THREADS ? BN / THREADS : 1)

uint cell_of(float first, float second)
{
#if PRECISION == 1
    return (as_uint(first) + 0x1000u) & 0xFFFFE000u; // to nearest, ties away from zero, as cvt.rna does
#elif PRECISION == 2
    ushort pair[2];
    vstore_half_rte(first, 0, (half*)pair);
    vstore_half_rte(second, 1, (half*)pair);
    return (uint)pair[0] | (uint)pair[1] << 16;
#else
    uint a = as_uint(first), b = as_uint(second);
    a = (a & 0x7FFFFFFFu) > 0x7F800000u ? 0x7FC0u : (a + 0x7FFFu + (a >> 16 & 1u)) >> 16;
    b = (b & 0x7FFFFFFFu) > 0x7F800000u ? 0x7FC0u : (b + 0x7FFFu + (b >> 16 & 1u)) >> 16;
    return a | b << 16;
#endif
}

#if NVIDIA
// d += a * b for matrices of 16 x 8.
void multiply(float* d, const uint* a, const uint* b)
{
#if PRECISION == 1
#define MMA "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32"
#elif PRECISION == 2
#define MMA "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32"
#else
#define MMA "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32"
#endif
    asm volatile(MMA " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#else
// The same products one by one: what a device without NVIDIA's instructions is tested with.
float product(uint a, uint b)
{
#if PRECISION == 1
    return as_float(a) * as_float(b);
#elif PRECISION == 2
    ushort x[2] = { (ushort)a, (ushort)(a >> 16) }, y[2] = { (ushort)b, (ushort)(b >> 16) };
    return vload_half(0, (const half*)x) * vload_half(0, (const half*)y) + vload_half(1, (const half*)x) * vload_half(1, (const half*)y);
#else
    return as_float(a << 16) * as_float(b << 16) + as_float(a & 0xFFFF0000u) * as_float(b & 0xFFFF0000u);
#endif
}
#endif

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void tensor(
    __global const float* restrict input, __global const uint* restrict weights, __global const float* restrict parameters,
    __global float* restrict output, Box box)
{
    __local uint4 aTile[2][STEP * (BM + PAD) / 4]; // of four, so that four can be stored at once: the compiler aligns what it is told to
    __local uint bTile[2][STEP * (BN + PAD)];
    input += INPUT_SLACK;
    int item = get_local_id(0);
    int lane = item % 32, warp = item / 32;
    int warpRow = warp % (BM / WM) * WM, warpColumn = warp / (BM / WM) * WN;
    int quarter = lane % 4, eighth = lane / 4;

    int rest = get_group_id(2);
#if MERGED
    int phase = 0, phaseZ = 0, phaseY = 0, phaseX = 0;
    Range z = all_positions(box.outputZ, box.phaseZ, STRIDE_Z);
    Range y = all_positions(box.outputY, box.phaseY, STRIDE_Y);
    Range x = all_positions(box.outputX, box.phaseX, STRIDE_X);
#else
    int phase = rest % PHASES;
    rest /= PHASES;
    int phaseX = phase % STRIDE_X, phaseY = phase / STRIDE_X % STRIDE_Y, phaseZ = phase / STRIDE_X / STRIDE_Y;
    Range z = positions_of(box.outputZ, box.phaseZ, phaseZ, STRIDE_Z);
    Range y = positions_of(box.outputY, box.phaseY, phaseY, STRIDE_Y);
    Range x = positions_of(box.outputX, box.phaseX, phaseX, STRIDE_X);
#endif
    int group = rest % GROUPS;
    int part = rest / GROUPS;
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
        base[i] = (at / z.count * CHANNELS_IN + group * CHANNELS_PER_GROUP) * volume
            + ((box.firstZ + z.first + at % z.count) * box.inputY + box.firstY + y.first + atY) * box.inputX + box.firstX + x.first + atX;
    }

    // Steps of the sum, those of a tap one after the other; a part has a run of them.
    int taps = tapStart[phase + 1] - tapStart[phase];
    int steps = taps * STEPS_PER_TAP;
    int step = (int)((long)steps * part / PARTS), stepEnd = (int)((long)steps * (part + 1) / PARTS);
    weights += (tapStart[phase] * GROUPS + group * taps) * CELLS_PER_GROUP * ROWS_PADDED;
    float sum[WM / 16][WN / 8][4];
    for (int i = 0; i < WM / 16; i++)
    {
        for (int j = 0; j < WN / 8; j++)
            sum[i][j][0] = sum[i][j][1] = sum[i][j][2] = sum[i][j][3] = 0.0f;
    }

    uint4 aNext[A_LOADS];
    float bNext[B_LOADS * PACK];
    int buffer = 0;
    bool isFirst = true;
    while (true)
    {
        bool isMore = step < stepEnd;
        int left = 0;
        if (isMore)
        {
            int tap = step / STEPS_PER_TAP, cell = step % STEPS_PER_TAP * STEP;
            int tapIndex = tapStart[phase] + tap;
            left = CELLS_PER_GROUP - cell;
            int offset = (tapShiftZ[tapIndex] * box.inputY + tapShiftY[tapIndex]) * box.inputX + tapShiftX[tapIndex] + cell * PACK * volume;
#pragma unroll
            for (int i = 0; i < A_LOADS; i++)
            {
                int e = item + i * THREADS;
                int of = min(e / (BM / 4), left - 1), row = min(rowFirst + 4 * (e % (BM / 4)), ROWS_PADDED - 4);
                aNext[i] = *(__global const uint4*)(weights + (tap * CELLS_PER_GROUP + cell + of) * ROWS_PADDED + row);
            }

#pragma unroll
            for (int i = 0; i < B_LOADS; i++)
            {
                int of = (item + i * THREADS) / BN;
#pragma unroll
                for (int p = 0; p < PACK; p++)
                {
                    int channel = min(PACK * of + p, CHANNELS_PER_GROUP - cell * PACK - 1);
                    int at = base[i % COLUMNS_LOADED] + offset + channel * volume;
#if MERGED
                    at = clamp(at, 0, box.batch * CHANNELS_IN * volume - 1); // what no output in the box reads may lie outside
#endif
                    float value = input[at];
                    bNext[i * PACK + p] = PACK * of + p < CHANNELS_PER_GROUP - cell * PACK ? value : 0.0f;
                }
            }

            step++;
        }

        if (!isFirst)
        {
            __local const uint* a = (__local const uint*)aTile[buffer];
            __local const uint* b = bTile[buffer];
#if NVIDIA
#pragma unroll
            for (int k = 0; k < STEP; k += 8)
            {
                uint aPart[WM / 16][4], bPart[WN / 8][2];
#pragma unroll
                for (int i = 0; i < WM / 16; i++)
                {
                    __local const uint* at = a + (k + quarter) * (BM + PAD) + warpRow + 16 * i + eighth;
                    aPart[i][0] = at[0];
                    aPart[i][1] = at[8];
                    aPart[i][2] = at[4 * (BM + PAD)];
                    aPart[i][3] = at[4 * (BM + PAD) + 8];
                }

#pragma unroll
                for (int j = 0; j < WN / 8; j++)
                {
                    __local const uint* at = b + (k + quarter) * (BN + PAD) + warpColumn + 8 * j + eighth;
                    bPart[j][0] = at[0];
                    bPart[j][1] = at[4 * (BN + PAD)];
                }

#pragma unroll
                for (int i = 0; i < WM / 16; i++)
                {
#pragma unroll
                    for (int j = 0; j < WN / 8; j++)
                        multiply(sum[i][j], aPart[i], bPart[j]);
                }
            }
#else
            for (int k = 0; k < STEP; k++)
            {
                for (int i = 0; i < WM / 16; i++)
                {
                    for (int j = 0; j < WN / 8; j++)
                    {
                        for (int e = 0; e < 4; e++)
                        {
                            uint left = a[k * (BM + PAD) + warpRow + 16 * i + eighth + 8 * (e / 2)];
                            uint right = b[k * (BN + PAD) + warpColumn + 8 * j + 2 * quarter + e % 2];
                            sum[i][j][e] += product(left, right);
                        }
                    }
                }
            }
#endif
            buffer ^= 1;
        }

        isFirst = false;
        if (!isMore)
            break;
#pragma unroll
        for (int i = 0; i < A_LOADS; i++)
        {
            int e = item + i * THREADS;
            if (e < STEP * BM / 4)
                aTile[buffer][(e / (BM / 4) * (BM + PAD)) / 4 + e % (BM / 4)] = aNext[i];
        }

#pragma unroll
        for (int i = 0; i < B_LOADS; i++)
        {
            int e = item + i * THREADS;
            bTile[buffer][e / BN * (BN + PAD) + e % BN] = cell_of(bNext[i * PACK], bNext[i * PACK + PACK - 1]);
        }

        barrier(CLK_LOCAL_MEM_FENCE);
    }

    output += PARTS > 1 ? part * outputs_of(box) : 0;
#pragma unroll
    for (int j = 0; j < WN / 8; j++)
    {
#pragma unroll
        for (int second = 0; second < 2; second++)
        {
            int column = columnFirst + warpColumn + 8 * j + 2 * quarter + second;
            if (column >= columns)
                continue;
            Place place = place_of(column, box, z, y, x, phaseZ, phaseY, phaseX);
#pragma unroll
            for (int i = 0; i < WM / 16; i++)
            {
#pragma unroll
                for (int lower = 0; lower < 2; lower++)
                {
                    int row = rowFirst + warpRow + 16 * i + eighth + 8 * lower;
                    int channel = channel_of(row, group);
                    int to = row < ROWS ? output_of(place, row, channel, box) : -1;
                    if (to < 0)
                        continue;
                    float value = sum[i][j][2 * lower + second];
                    output[to] = PARTS > 1 ? value : finish(value, channel, parameters);
                }
            }
        }
    }
}
