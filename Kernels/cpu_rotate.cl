// The fixed factors rotated by the eigenvectors of their Gramian, shaped for CPUs: R = Y E', which cpu_dual.cl reads. Work-group g
// rotates rows g * rows_per_group and on.
//
// Defines: those of cpu_tiles.cl.
// Numerics: 32-bit.

// Launch: work-groups of 1 that cover all rows.
__kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void cpu_rotate(
    __global const float* restrict factors,  // row_count x STRIDE: rows of Y, in the precision of FIXED_HALF
    const uint row_count,
    const uint rows_per_group,
    __global const float* restrict rotation, // STRIDE x STRIDE: E', whose columns are the eigenvectors
    __global float* restrict rotated)        // row_count x STRIDE, written: rows of R, 32-bit
{
    const uint first = get_group_id(0) * rows_per_group;
    const uint end = min(row_count, first + rows_per_group);
    // Four rows at a time.
    float y[4][STRIDE] __attribute__((aligned(32)));
    for (uint row = first; row < end; row += 4) {
        const uint rows = min(4u, end - row);
        for (uint r = 0; r < 4; ++r)
            for (uint j = 0; j < STRIDE; j += 8)
                vstore8(
                    load_fixed_aligned8(factors + (size_t)(row + min(r, rows - 1)) * FIXED_PITCH, j), 0, y[r] + j);
        for (uint i = 0; i < STRIDE; i += 8) {
            float8 c0 = 0.0f, c1 = 0.0f, c2 = 0.0f, c3 = 0.0f, d0 = 0.0f, d1 = 0.0f, d2 = 0.0f, d3 = 0.0f;
            for (uint j = 0; j < STRIDE; j += 2) {
                const float8 b = load8(rotation + j * STRIDE + i, 0);
                const float8 e = load8(rotation + (j + 1) * STRIDE + i, 0);
                c0 += y[0][j] * b;
                c1 += y[1][j] * b;
                c2 += y[2][j] * b;
                c3 += y[3][j] * b;
                d0 += y[0][j + 1] * e;
                d1 += y[1][j + 1] * e;
                d2 += y[2][j + 1] * e;
                d3 += y[3][j + 1] * e;
            }
            __global float* out = rotated + (size_t)row * STRIDE + i;
            store8(c0 + d0, out, 0);
            if (rows > 1)
                store8(c1 + d1, out + STRIDE, 0);
            if (rows > 2)
                store8(c2 + d2, out + 2 * STRIDE, 0);
            if (rows > 3)
                store8(c3 + d3, out + 3 * STRIDE, 0);
        }
    }
}
