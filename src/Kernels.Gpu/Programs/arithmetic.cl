// docs/arithmetic.md: what follows a sum. Every operation is one of those that page allows.
#pragma OPENCL FP_CONTRACT OFF

// exp(-a) for a >= 0
float decay(float a)
{
    float x = -(a > 104.0f ? 104.0f : a);
    float t = fma(x, 1.44269502f, 12582912.0f);
    float n = t - 12582912.0f;
    float r = fma(n, -0.693147182f, x);
    r = fma(n, 1.90465421e-9f, r);
    float p = fma(1.0f / 5040.0f, r, 1.0f / 720.0f);
    p = fma(p, r, 1.0f / 120.0f);
    p = fma(p, r, 1.0f / 24.0f);
    p = fma(p, r, 1.0f / 6.0f);
    p = fma(p, r, 0.5f);
    p = fma(p, r, 1.0f);
    p = fma(p, r, 1.0f);
    int e = as_int(t) - 0x4B400000;
    int h = e >> 1;
    return (p * as_float((h + 127) << 23)) * as_float((e - h + 127) << 23);
}

float activate_tanh(float x)
{
    float a = fabs(x);
    float u = x * x;
    float q = (u * fma(14.0f, u, 315.0f)) / fma(fma(15.0f, u, 420.0f), u, 945.0f);
    float z = decay(a + a);
    float f = 1.0f - (z + z) / (1.0f + z);
    return a < 0.625f ? fma(-x, q, x) : (x < 0.0f ? -f : f);
}

float activate_sigmoid(float x)
{
    float z = decay(fabs(x));
    return (x < 0.0f ? z : 1.0f) / (1.0f + z);
}

// Parameters: per output channel the bias, and the slope of leaky_relu or prelu.
float finish(float total, int channel, __global const float* parameters)
{
    float x = total + parameters[channel];
#if ACTIVATION == 1
    x = x < 0.0f ? 0.0f : x;
#elif ACTIVATION == 2
    x = x < 0.0f ? parameters[CHANNELS_OUT + channel] * x : x;
#elif ACTIVATION == 3
    x = x < CLIP_LEAST ? CLIP_LEAST : x;
    x = x > CLIP_MOST ? CLIP_MOST : x;
#elif ACTIVATION == 4
    x = activate_sigmoid(x);
#elif ACTIVATION == 5
    x = activate_tanh(x);
#endif
    int bits = as_int(x);
    return (bits & 0x7FFFFFFF) > 0x7F800000 ? as_float(0x7FC00000) : ((bits & 0x7FFFFFFF) == 0 ? 0.0f : x);
}
