// Partial sums of the Gramian F'F of a factor matrix, shaped for CPUs: work-group g sums rows g * rows_per_group and on.
// sum_partials adds them up in a fixed order, so that the result does not depend on the number of cores.
//
// Defines: those of cpu_tiles.cl.
// Numerics: 32-bit; every panel is summed on its own.

// A work-item's scratch: the matrix and a panel.
#define SCRATCH_FLOATS (STRIDE * LDA + PANEL_ROWS * LDA)

// Launch: work-groups of 1, as many as partial results.
__kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void cpu_gramian(
    FIXED_PARAMETERS(fixed),                // row_count x STRIDE, in the precision of FIXED_HALF
    const uint row_count,
    const uint rows_per_group,
    __global float* restrict scratch,       // work-groups x SCRATCH_FLOATS
    __global float* restrict partials)      // work-groups x STRIDE x STRIDE, upper triangle
{
    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    __global float* a = scratch + get_group_id(0) * (size_t)SCRATCH_FLOATS;
    __global float* panel = a + STRIDE * LDA;
    __global float* out = partials + get_group_id(0) * (size_t)(STRIDE * STRIDE);
    const ulong first = get_group_id(0) * (ulong)rows_per_group;
    const ulong end = min((ulong)row_count, first + rows_per_group);
    for (uint i = 0; i < STRIDE; ++i)
        for (uint j = i & ~7u; j < STRIDE; j += 8)
            store8(0.0f, a + i * LDA + j, 0);
    for (ulong start = first; start < end; start += PANEL_ROWS) {
        const uint n = (uint)min((ulong)PANEL_ROWS, end - start);
        // An even number of rows, the last one zero if need be.
        for (uint k = 0; k < ((n + 1) & ~1u); ++k) {
            __global const float* y = fixed_row(fixed_factors, (uint)start + min(k, n - 1));
            for (uint j = 0; j < STRIDE; j += 8)
                store8(k < n ? load_fixed_aligned8(y, j) : (float8)(0.0f), panel + k * LDA + j, 0);
        }
        add_outer_products(panel, (n + 1) & ~1u, STRIDE, a, 0);
    }
    for (uint i = 0; i < STRIDE; ++i)
        for (uint j = i & ~7u; j < STRIDE; j += 8)
            store8(load8(a + i * LDA + j, 0), out + i * STRIDE + j, 0);
}
