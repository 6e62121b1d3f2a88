// The factors of a side as IEEE 754 binary16 numbers, rounded to nearest even: what a half-step reads with FIXED_HALF = 1.
//
// Launch: work-groups of any size that cover `count` / 8 work-items.
__kernel void round_factors(
    __global const float* restrict factors, // count
    const ulong count,                      // a multiple of 8
    __global float* restrict halves)        // count halves, written
{
    const size_t i = get_global_id(0);
    if (i < count / 8)
        vstore_half8_rte(vload8(i, factors), i, (__global half*)halves);
}
