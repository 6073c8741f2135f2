// What docs/arithmetic.md allows, each operation by itself: five results for three numbers.
#pragma OPENCL FP_CONTRACT OFF
__kernel void operations(__global const float* numbers, __global float* results)
{
    int i = get_global_id(0);
    float a = numbers[3 * i], b = numbers[3 * i + 1], c = numbers[3 * i + 2];
    results[5 * i] = fma(a, b, c);
    results[5 * i + 1] = a * b + c;
    results[5 * i + 2] = a - b;
    results[5 * i + 3] = a * b;
    results[5 * i + 4] = a / b;
}
