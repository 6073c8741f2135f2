// One work item per output: x fastest, so that neighbours read and write neighbours. All that a layer with a single channel per
// group needs, being bound by memory; every other layer's definition.
__kernel void outputs(
    __global const float* restrict input, __global const float* restrict weights, __global const float* restrict parameters,
    __global float* restrict output, Box box)
{
    input += INPUT_SLACK;
    int x = get_global_id(0);
    int y = get_global_id(1);
    if (x >= box.outputX || y >= box.outputY)
        return;
    int plane = get_global_id(2); // (item, channel, z)
    int z = plane % box.outputZ;
    int image = plane / box.outputZ;
    int channel = image % CHANNELS_OUT;
    int item = image / CHANNELS_OUT;
    int group = channel / FILTERS_PER_GROUP;
    int first = item * CHANNELS_IN + group * CHANNELS_PER_GROUP;
    int volume = box.inputX * box.inputY * box.inputZ;
    int pz = z + box.phaseZ, py = y + box.phaseY, px = x + box.phaseX;
    float total = direct_total(
        input + first * volume, weights + group * CHANNELS_PER_GROUP * FILTERS_PER_GROUP * (KERNEL_Z * KERNEL_Y * KERNEL_X),
        box.inputX, box.inputY, box.inputZ,
        box.firstZ + pz / STRIDE_Z, box.firstY + py / STRIDE_Y, box.firstX + px / STRIDE_X,
        pz % STRIDE_Z, py % STRIDE_Y, px % STRIDE_X, channel % FILTERS_PER_GROUP);
    output[(plane * box.outputY + y) * box.outputX + x] = finish(total, channel, parameters);
}
