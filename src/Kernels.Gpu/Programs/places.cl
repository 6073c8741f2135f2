// Where the outputs of a panel's column lie. MERGED: of all phases, which are rows of the panel.
typedef struct
{
    int image, z, y, x;
} Place;

Place place_of(int column, Box box, Range z, Range y, Range x, int phaseZ, int phaseY, int phaseX)
{
    Place place;
    place.x = (x.first + column % x.count) * STRIDE_X - box.phaseX + phaseX;
    column /= x.count;
    place.y = (y.first + column % y.count) * STRIDE_Y - box.phaseY + phaseY;
    column /= y.count;
    place.z = (z.first + column % z.count) * STRIDE_Z - box.phaseZ + phaseZ;
    place.image = column / z.count;
    return place;
}

int channel_of(int row, int group)
{
    return group * FILTERS_PER_GROUP + (MERGED ? row / PHASES : row);
}

// -1: not in the box.
int output_of(Place place, int row, int channel, Box box)
{
#if MERGED
    int phase = row % PHASES;
    place.x += phase % STRIDE_X;
    place.y += phase / STRIDE_X % STRIDE_Y;
    place.z += phase / STRIDE_X / STRIDE_Y;
    if (place.x < 0 || place.x >= box.outputX || place.y < 0 || place.y >= box.outputY || place.z < 0 || place.z >= box.outputZ)
        return -1;
#endif
    return (((place.image * CHANNELS_OUT + channel) * box.outputZ + place.z) * box.outputY + place.y) * box.outputX + place.x;
}

int outputs_of(Box box)
{
    return box.batch * CHANNELS_OUT * box.outputZ * box.outputY * box.outputX;
}

// SPLIT: parts of the sums, each computed by a work group of its own, are added in their order.
__kernel void add_parts(
    __global const float* restrict sums, __global const float* restrict parameters, __global float* restrict output, int outputVolume,
    int outputs)
{
    int at = get_global_id(0);
    if (at >= outputs)
        return;
    float total = 0.0f;
    for (int part = 0; part < PARTS; part++)
        total = total + sums[part * outputs + at];
    output[at] = finish(total, at / outputVolume % CHANNELS_OUT, parameters);
}
