// What the minimal algorithm does around its sums, which panels.cl has: inputs are transformed before, and sums added up to outputs
// after. Axes with cells: x, and y where PAIRED_Y.
//
// Lines on an axis with phases of two taps, of the inputs a, b, d at 2c - 1, 2c and 2c + 1: a - b, b, d - b, and d itself where LINES
// is 4, which phases of a single tap take. With phases of three taps, of a, b, d, e at 2c - 2 to 2c + 1: a - d, b + d, d - b, b - e.
// Transformed inputs: [line y, line x, item, channel, z, row or cell y, cell x].
// Sums: per class of phases from sumFirst on, [point y, point x, phase of the other axes, group, filter * phases + phase, column].
#define TRIPLE_Y (PAIRED_Y && KERNEL_Y == 3 * STRIDE_Y)
#define TRIPLE_X (KERNEL_X == 3 * STRIDE_X)

// Inputs of a cell, and those of them before its first position.
#define INPUTS(triple) ((triple) ? 4 : 3)
#define BEFORE(triple) ((triple) ? 2 : 1)

float input_line(int line, bool triple, const float* at)
{
    if (triple)
        return line == 0 ? at[0] - at[2] : line == 1 ? at[1] + at[2] : line == 2 ? at[2] - at[1] : at[1] - at[3];
    return line == 0 ? at[0] - at[1] : line == 1 ? at[1] : line == 2 ? at[2] - at[1] : at[2];
}

// The inputs of a cell along x.
void load_inputs(__global const float* from, float* inputs)
{
    for (int i = 0; i < INPUTS(TRIPLE_X); i++)
        inputs[i] = from[i - BEFORE(TRIPLE_X)];
}

// Marks are what find_cell names; none is set yet.
__kernel void transform_inputs(
    __global const float* restrict input, __global float* restrict lines, __global int* restrict marks, Box box, int markCount)
{
    int items = get_global_size(0) * get_global_size(1) * get_global_size(2);
    int item = (get_global_id(2) * get_global_size(1) + get_global_id(1)) * get_global_size(0) + get_global_id(0);
    for (int mark = item; mark < markCount; mark += items)
        marks[mark] = 0;
    input += INPUT_SLACK;
    Range cellsX = cells_of(box.outputX, box.phaseX, box.oddX, STRIDE_X);
    Range cellsY = cells_of(box.outputY, box.phaseY, box.oddY, STRIDE_Y);
    int height = PAIRED_Y ? cellsY.count : box.inputY;
    int x = get_global_id(0), row = get_global_id(1), image = get_global_id(2);
    if (x >= cellsX.count || row >= box.inputZ * height)
        return;
    int z = row / height, y = row % height;
    int fromX = box.firstX + cellsX.first + 2 * x;
    int to = (image * box.inputZ * height + row) * cellsX.count + x;
    int line = box.batch * CHANNELS_IN * box.inputZ * height * cellsX.count;
#if PAIRED_Y
    int fromY = box.firstY + cellsY.first + 2 * y;
    float along[LINES_X][4];
    for (int i = 0; i < INPUTS(TRIPLE_Y); i++)
    {
        float inputs[4];
        load_inputs(input + ((image * box.inputZ + z) * box.inputY + fromY + i - BEFORE(TRIPLE_Y)) * box.inputX + fromX, inputs);
        for (int lineX = 0; lineX < LINES_X; lineX++)
            along[lineX][i] = input_line(lineX, TRIPLE_X, inputs);
    }

    for (int lineY = 0; lineY < LINES_Y; lineY++)
    {
        for (int lineX = 0; lineX < LINES_X; lineX++)
            lines[(lineY * LINES_X + lineX) * line + to] = input_line(lineY, TRIPLE_Y, along[lineX]);
    }
#else
    float inputs[4];
    load_inputs(input + ((image * box.inputZ + z) * box.inputY + y) * box.inputX + fromX, inputs);
    for (int lineX = 0; lineX < LINES_X; lineX++)
        lines[lineX * line + to] = input_line(lineX, TRIPLE_X, inputs);
#endif
}

// A cell of one filter: a work item of the two kernels below. Column and phase as in panels.cl.
typedef struct
{
    int column, filter, group, phaseZ, phaseY;
    int image;
    int outZ, outY, outX; // the first output; of the cell that may be outside the box
    int mark;
} Cell;

bool find_cell(Cell* cell, Box box, int columnsMost)
{
    cell->column = get_global_id(0);
    int channel = get_global_id(1), phase = get_global_id(2);
    cell->group = channel / FILTERS_PER_GROUP;
    cell->filter = channel % FILTERS_PER_GROUP;
    cell->phaseY = PAIRED_Y ? 0 : phase % STRIDE_Y;
    cell->phaseZ = PAIRED_Y ? phase : phase / STRIDE_Y;
    Range z = positions_of(box.outputZ, box.phaseZ, cell->phaseZ, STRIDE_Z);
    Range x = cells_of(box.outputX, box.phaseX, box.oddX, STRIDE_X);
#if PAIRED_Y
    Range y = cells_of(box.outputY, box.phaseY, box.oddY, STRIDE_Y);
#else
    Range y = positions_of(box.outputY, box.phaseY, cell->phaseY, STRIDE_Y);
#endif
    if (cell->column >= box.batch * z.count * y.count * x.count)
        return false;
    int at = cell->column;
    cell->outX = (x.first + 2 * (at % x.count)) * STRIDE_X - box.phaseX;
    at /= x.count;
    cell->outY = (y.first + (PAIRED_Y ? 2 : 1) * (at % y.count)) * STRIDE_Y - box.phaseY + cell->phaseY;
    at /= y.count;
    cell->outZ = (z.first + at % z.count) * STRIDE_Z - box.phaseZ + cell->phaseZ;
    cell->image = at / z.count;
    cell->mark = (phase * columnsMost + cell->column) * GROUPS + cell->group;
    return true;
}

// Phases below FIRST(S, K) have two taps (or all have three) and make the first class of their axis, the others the second.
#define FIRST(stride, kernel) min((kernel) - (stride), (stride))

// The sums of one output along x, of a point y.
float along_x(__global const float* sums, int pointY, int pointsX, int pointStride, int classX, int second)
{
    __global const float* at = sums + (pointY * pointsX + second) * pointStride;
    if (classX == 1)
        return at[0];
    if (!TRIPLE_X)
        return at[0] + at[pointStride];
    return second ? at[0] - at[pointStride] - at[2 * pointStride] : at[0] + at[pointStride] + at[2 * pointStride];
}

// The same along y, of an output.
float along_y(__global const float* sums, int pointsX, int pointStride, int classY, int classX, int secondY, int secondX)
{
    float total = along_x(sums, secondY, pointsX, pointStride, classX, secondX);
    if (!PAIRED_Y || classY == 1)
        return total;
    float next = along_x(sums, secondY + 1, pointsX, pointStride, classX, secondX);
    if (!TRIPLE_Y)
        return total + next;
    float last = along_x(sums, secondY + 2, pointsX, pointStride, classX, secondX);
    return secondY ? total - next - last : total + next + last;
}

__kernel void add_points(
    __global const float* restrict sums, __global const float* restrict parameters, __global float* restrict output,
    __global int* restrict marks, Box box, int columnsMost)
{
    Cell cell;
    if (!find_cell(&cell, box, columnsMost))
        return;
    int phase = get_global_id(2), channel = get_global_id(1);
    bool isFinite = true;
    __global float* to = output + (cell.image * CHANNELS_OUT + channel) * (box.outputZ * box.outputY * box.outputX);
    for (int ry = 0; ry < (PAIRED_Y ? STRIDE_Y : 1); ry++)
    {
        int classY = PAIRED_Y && ry >= FIRST(STRIDE_Y, KERNEL_Y) ? 1 : 0;
        int phasesY = PAIRED_Y ? (classY ? STRIDE_Y - FIRST(STRIDE_Y, KERNEL_Y) : FIRST(STRIDE_Y, KERNEL_Y)) : 1;
        int phaseY = ry - (classY ? FIRST(STRIDE_Y, KERNEL_Y) : 0);
        for (int rx = 0; rx < STRIDE_X; rx++)
        {
            int classX = rx >= FIRST(STRIDE_X, KERNEL_X) ? 1 : 0;
            int phasesX = classX ? STRIDE_X - FIRST(STRIDE_X, KERNEL_X) : FIRST(STRIDE_X, KERNEL_X);
            int phaseX = rx - (classX ? FIRST(STRIDE_X, KERNEL_X) : 0);
            int rows = FILTERS_PER_GROUP * phasesY * phasesX;
            int pointStride = PHASES * GROUPS * rows * columnsMost;
            int row = cell.filter * phasesY * phasesX + phaseY * phasesX + phaseX;
            __global const float* at = sums + classSums[2 * classY + classX] * columnsMost
                + ((phase * GROUPS + cell.group) * rows + row) * columnsMost + cell.column;
            int pointsX = classX ? 2 : TRIPLE_X ? 4 : 3;
            for (int secondY = 0; secondY < (PAIRED_Y ? 2 : 1); secondY++)
            {
                for (int secondX = 0; secondX < 2; secondX++)
                {
                    float total = along_y(at, pointsX, pointStride, classY, classX, secondY, secondX);
                    isFinite = isFinite && (as_int(total) & 0x7F800000) != 0x7F800000;
                    int y = cell.outY + secondY * STRIDE_Y + ry, x = cell.outX + secondX * STRIDE_X + rx;
                    if (y >= 0 && y < box.outputY && x >= 0 && x < box.outputX)
                        to[(cell.outZ * box.outputY + y) * box.outputX + x] = finish(total, channel, parameters);
                }
            }
        }
    }

    if (!isFinite)
        marks[cell.mark] = 1;
}

// Outputs of the cells that are not finite in any filter of their group, by the direct algorithm.
__kernel void repair(
    __global const float* restrict input, __global const float* restrict weights, __global const float* restrict parameters,
    __global float* restrict output, __global const int* restrict marks, Box box, int columnsMost)
{
    Cell cell;
    if (!find_cell(&cell, box, columnsMost) || marks[cell.mark] == 0)
        return;
    int channel = get_global_id(1);
    int volume = box.inputX * box.inputY * box.inputZ;
    input += INPUT_SLACK + (cell.image * CHANNELS_IN + cell.group * CHANNELS_PER_GROUP) * volume;
    weights += cell.group * CHANNELS_PER_GROUP * FILTERS_PER_GROUP * (KERNEL_Z * KERNEL_Y * KERNEL_X);
    output += (cell.image * CHANNELS_OUT + channel) * (box.outputZ * box.outputY * box.outputX);
    for (int y = max(cell.outY, 0); y < min(cell.outY + (PAIRED_Y ? 2 * STRIDE_Y : 1), box.outputY); y++)
    {
        for (int x = max(cell.outX, 0); x < min(cell.outX + 2 * STRIDE_X, box.outputX); x++)
        {
            int pz = cell.outZ + box.phaseZ, py = y + box.phaseY, px = x + box.phaseX;
            float total = direct_total(
                input, weights, box.inputX, box.inputY, box.inputZ,
                box.firstZ + pz / STRIDE_Z, box.firstY + py / STRIDE_Y, box.firstX + px / STRIDE_X,
                pz % STRIDE_Z, py % STRIDE_Y, px % STRIDE_X, cell.filter);
            output[(cell.outZ * box.outputY + y) * box.outputX + x] = finish(total, channel, parameters);
        }
    }
}
