// What the device can do at best: multiply-adds without memory, and a copy.
__kernel void multiply_adds(__global float* out, float x)
{
    float a[16];
    for (int i = 0; i < 16; i++)
        a[i] = (float)(get_global_id(0) + i);
    for (int k = 0; k < 4096; k++)
    {
        for (int i = 0; i < 16; i++)
            a[i] = fma(a[i], x, 0.5f);
    }

    float sum = 0.0f;
    for (int i = 0; i < 16; i++)
        sum += a[i];
    out[get_global_id(0)] = sum;
}

__kernel void copy(__global const float4* from, __global float4* to)
{
    to[get_global_id(0)] = from[get_global_id(0)];
}
