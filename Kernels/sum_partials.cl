// Adds up partial results in a fixed order: sum[i] = partials[0][i] + partials[1][i] + ...
// KernelSource puts it before each *_gramian.cl: a program less to compile at the start.
//
// Launch: work-groups of any size that cover `length` work-items.
__kernel void sum_partials(
    __global const float* restrict partials, // partial_count x length
    const uint partial_count,
    const uint length,
    __global float* restrict sum)            // length, written
{
    const uint i = get_global_id(0);
    if (i >= length)
        return;
    float total = 0.0f;
    for (uint p = 0; p < partial_count; ++p)
        total += partials[(size_t)p * length + i];
    sum[i] = total;
}
