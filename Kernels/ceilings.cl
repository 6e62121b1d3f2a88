// What a device can do at best: the ceilings that other kernels are measured against.
//
// Defines:
//   WIDTH       floats of a vector: 1, 2, 4, 8 or 16 (default 8)
//   CONTIGUOUS  1: a work-item copies a block of its own, as suits CPUs; 0: neighbours copy neighbours, as suits GPUs (default 0)
// Numerics: none to speak of; results are stored so that no compiler can leave the work out.
#ifndef WIDTH
#define WIDTH 8
#endif
#ifndef CONTIGUOUS
#define CONTIGUOUS 0
#endif

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#if WIDTH == 1
typedef float vector;
#define store(value, index, to) (to)[index] = (value)
#else
typedef PASTE(float, WIDTH) vector;
#define store(value, index, to) PASTE(vstore, WIDTH)(value, index, to)
#endif

// Ten independent chains of fused multiply-adds per work-item, enough to hide their latency: 10 x WIDTH x 2 operations in
// each round.
//
// Launch: as many work-items as fill the device.
__kernel void fma_rate(
    const uint rounds,
    const float factor,          // below 1, so that values stay small and normal
    const float addend,
    __global float* restrict out) // work-items x WIDTH, written
{
    const size_t item = get_global_id(0);
    const vector start = (vector)(1.0f + (float)item * 1e-7f);
    vector a0 = start, a1 = start + 0.1f, a2 = start + 0.2f, a3 = start + 0.3f, a4 = start + 0.4f;
    vector a5 = start + 0.5f, a6 = start + 0.6f, a7 = start + 0.7f, a8 = start + 0.8f, a9 = start + 0.9f;
    for (uint k = 0; k < rounds; ++k) {
        a0 = a0 * factor + addend;
        a1 = a1 * factor + addend;
        a2 = a2 * factor + addend;
        a3 = a3 * factor + addend;
        a4 = a4 * factor + addend;
        a5 = a5 * factor + addend;
        a6 = a6 * factor + addend;
        a7 = a7 * factor + addend;
        a8 = a8 * factor + addend;
        a9 = a9 * factor + addend;
    }
    const vector sum = ((a0 + a1) + (a2 + a3)) + ((a4 + a5) + (a6 + a7)) + (a8 + a9);
    store(sum, item, out);
}

// to = from.
//
// Launch: as many work-items as fill the device; CONTIGUOUS: one for each core.
__kernel void copy_floats(
    __global const float8* restrict from, // count
    const ulong count,
    __global float8* restrict to)         // count, written
{
    const ulong item = get_global_id(0), items = get_global_size(0);
#if CONTIGUOUS
    const ulong share = (count + items - 1) / items;
    const ulong end = min(count, (item + 1) * share);
    for (ulong i = item * share; i < end; ++i)
        to[i] = from[i];
#else
    for (ulong i = item; i < count; i += items)
        to[i] = from[i];
#endif
}
