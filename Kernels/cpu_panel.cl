// Half-step of alternating least squares, shaped for CPUs.
//
// For each row: A = G + sum w y y' + lambda I and b = sum v y over the row's ratings, then x = inverse(A) b by Cholesky. One
// work-item computes a whole row, without barriers: ratings are gathered in panels of PANEL_ROWS factor rows, and the
// upper triangle of A is updated by register tiles of 4 x 16 floats. The right side is column STRIDE of A, so that the
// factorization solves the lower triangular system on its way.
//
// Defines: those of common.cl, and
//   PANEL_ROWS  ratings gathered, and summed on their own, at a time: short sums keep the rounding errors small (default 16)
// Numerics: 32-bit; every panel is summed on its own before it is added to A. Within 1e-4 of ALSReference (relative
// Frobenius norm of the factors after five iterations at rank 64).
#ifndef PANEL_ROWS
#define PANEL_ROWS 16
#endif

// Floats from one row of A to the next: the right side and seven zeros stand behind the STRIDE columns.
#define LDA (STRIDE + 8)
// A work-item's scratch: A, the panel, then four vectors.
#define MATRIX_FLOATS (STRIDE * LDA)
#define PANEL_FLOATS (PANEL_ROWS * STRIDE)
#define SCRATCH_FLOATS (MATRIX_FLOATS + PANEL_FLOATS + 4 * STRIDE)

// a[i..i+3][j..j+15] += sum over the panel's n rows of y[i..i+3]' y[j..j+15]
static inline void add_tile_4x16(__global const float* restrict panel, uint n, uint i, uint j, __global float* restrict a)
{
    float8 c00 = 0.0f, c01 = 0.0f, c10 = 0.0f, c11 = 0.0f, c20 = 0.0f, c21 = 0.0f, c30 = 0.0f, c31 = 0.0f;
    for (uint k = 0; k < n; ++k) {
        __global const float* y = panel + k * STRIDE;
        const float8 b0 = vload8(0, y + j);
        const float8 b1 = vload8(0, y + j + 8);
        c00 += y[i] * b0;
        c01 += y[i] * b1;
        c10 += y[i + 1] * b0;
        c11 += y[i + 1] * b1;
        c20 += y[i + 2] * b0;
        c21 += y[i + 2] * b1;
        c30 += y[i + 3] * b0;
        c31 += y[i + 3] * b1;
    }
    __global float* a0 = a + i * LDA + j;
    __global float* a1 = a0 + LDA;
    __global float* a2 = a1 + LDA;
    __global float* a3 = a2 + LDA;
    vstore8(vload8(0, a0) + c00, 0, a0);
    vstore8(vload8(1, a0) + c01, 1, a0);
    vstore8(vload8(0, a1) + c10, 0, a1);
    vstore8(vload8(1, a1) + c11, 1, a1);
    vstore8(vload8(0, a2) + c20, 0, a2);
    vstore8(vload8(1, a2) + c21, 1, a2);
    vstore8(vload8(0, a3) + c30, 0, a3);
    vstore8(vload8(1, a3) + c31, 1, a3);
}

// a[i..i+7][j..j+7] += sum over the panel's n rows of y[i..i+7]' y[j..j+7]
static inline void add_tile_8x8(__global const float* restrict panel, uint n, uint i, uint j, __global float* restrict a)
{
    float8 c0 = 0.0f, c1 = 0.0f, c2 = 0.0f, c3 = 0.0f, c4 = 0.0f, c5 = 0.0f, c6 = 0.0f, c7 = 0.0f;
    for (uint k = 0; k < n; ++k) {
        __global const float* y = panel + k * STRIDE;
        const float8 b = vload8(0, y + j);
        c0 += y[i] * b;
        c1 += y[i + 1] * b;
        c2 += y[i + 2] * b;
        c3 += y[i + 3] * b;
        c4 += y[i + 4] * b;
        c5 += y[i + 5] * b;
        c6 += y[i + 6] * b;
        c7 += y[i + 7] * b;
    }
    __global float* t = a + i * LDA + j;
    vstore8(vload8(0, t) + c0, 0, t);
    t += LDA;
    vstore8(vload8(0, t) + c1, 0, t);
    t += LDA;
    vstore8(vload8(0, t) + c2, 0, t);
    t += LDA;
    vstore8(vload8(0, t) + c3, 0, t);
    t += LDA;
    vstore8(vload8(0, t) + c4, 0, t);
    t += LDA;
    vstore8(vload8(0, t) + c5, 0, t);
    t += LDA;
    vstore8(vload8(0, t) + c6, 0, t);
    t += LDA;
    vstore8(vload8(0, t) + c7, 0, t);
}

// Upper triangle of a += panel' panel. Tiles on the diagonal also write below it, where nothing reads.
static inline void add_outer_products(__global const float* restrict panel, uint n, __global float* restrict a)
{
    for (uint j = 0; j + 16 <= STRIDE; j += 16) {
        for (uint i = 0; i < j + 8; i += 4)
            add_tile_4x16(panel, n, i, j, a);
        add_tile_8x8(panel, n, j + 8, j + 8, a);
    }
#if STRIDE % 16 != 0
    for (uint i = 0; i < STRIDE; i += 8)
        add_tile_8x8(panel, n, i, STRIDE - 8, a);
#endif
}

// a[i..i+3][j..] -= sum over k < i of a[k][i..i+3]' a[k][j..], for all columns from the block of i on: the part of the
// left-looking factorization that has the work.
static inline void subtract_factored_rows(__global float* restrict a, uint i)
{
    uint j = i & ~7u;
    __global float* a0 = a + i * LDA;
    __global float* a1 = a0 + LDA;
    __global float* a2 = a1 + LDA;
    __global float* a3 = a2 + LDA;
    for (; j + 16 <= LDA; j += 16) {
        float8 c00 = vload8(0, a0 + j), c01 = vload8(0, a0 + j + 8), c10 = vload8(0, a1 + j), c11 = vload8(0, a1 + j + 8);
        float8 c20 = vload8(0, a2 + j), c21 = vload8(0, a2 + j + 8), c30 = vload8(0, a3 + j), c31 = vload8(0, a3 + j + 8);
        for (uint k = 0; k < i; ++k) {
            __global const float* u = a + k * LDA;
            const float8 b0 = vload8(0, u + j);
            const float8 b1 = vload8(0, u + j + 8);
            c00 -= u[i] * b0;
            c01 -= u[i] * b1;
            c10 -= u[i + 1] * b0;
            c11 -= u[i + 1] * b1;
            c20 -= u[i + 2] * b0;
            c21 -= u[i + 2] * b1;
            c30 -= u[i + 3] * b0;
            c31 -= u[i + 3] * b1;
        }
        vstore8(c00, 0, a0 + j);
        vstore8(c01, 0, a0 + j + 8);
        vstore8(c10, 0, a1 + j);
        vstore8(c11, 0, a1 + j + 8);
        vstore8(c20, 0, a2 + j);
        vstore8(c21, 0, a2 + j + 8);
        vstore8(c30, 0, a3 + j);
        vstore8(c31, 0, a3 + j + 8);
    }
    if (j < LDA) {
        // Eight columns are left. Two sets of sums, for one alone would wait for its own additions.
        float8 c0 = vload8(0, a0 + j), c1 = vload8(0, a1 + j), c2 = vload8(0, a2 + j), c3 = vload8(0, a3 + j);
        float8 d0 = 0.0f, d1 = 0.0f, d2 = 0.0f, d3 = 0.0f;
        for (uint k = 0; k < i; k += 2) {
            __global const float* u = a + k * LDA;
            __global const float* v = u + LDA;
            const float8 b = vload8(0, u + j);
            const float8 e = vload8(0, v + j);
            c0 -= u[i] * b;
            c1 -= u[i + 1] * b;
            c2 -= u[i + 2] * b;
            c3 -= u[i + 3] * b;
            d0 -= v[i] * e;
            d1 -= v[i + 1] * e;
            d2 -= v[i + 2] * e;
            d3 -= v[i + 3] * e;
        }
        vstore8(c0 + d0, 0, a0 + j);
        vstore8(c1 + d1, 0, a1 + j);
        vstore8(c2 + d2, 0, a2 + j);
        vstore8(c3 + d3, 0, a3 + j);
    }
}

// A = U'U with U in the upper triangle, and column STRIDE becomes the solution of U' z = b. `inverse_pivots` takes the
// reciprocals of U's diagonal. Returns STRIDE, or the first index of a block of four with a pivot that is not positive.
static inline uint factorize(
    __global float* restrict a, __global const float* diagonal, float tolerance, __global float* inverse_pivots)
{
    for (uint i = 0; i < STRIDE; i += 4) {
        subtract_factored_rows(a, i);
        __global float* a0 = a + i * LDA;
        __global float* a1 = a0 + LDA;
        __global float* a2 = a1 + LDA;
        __global float* a3 = a2 + LDA;
        // The 4 x 4 corner in scalars.
        const float p0 = a0[i];
        const float r0 = 1.0f / sqrt(p0);
        const float u01 = a0[i + 1] * r0, u02 = a0[i + 2] * r0, u03 = a0[i + 3] * r0;
        const float p1 = a1[i + 1] - u01 * u01;
        const float r1 = 1.0f / sqrt(p1);
        const float u12 = (a1[i + 2] - u01 * u02) * r1, u13 = (a1[i + 3] - u01 * u03) * r1;
        const float p2 = a2[i + 2] - u02 * u02 - u12 * u12;
        const float r2 = 1.0f / sqrt(p2);
        const float u23 = (a2[i + 3] - u02 * u03 - u12 * u13) * r2;
        const float p3 = a3[i + 3] - u03 * u03 - u13 * u13 - u23 * u23;
        const float r3 = 1.0f / sqrt(p3);
        const float4 pivots = (float4)(p0, p1, p2, p3);
        // Written so that a NaN fails too.
        if (!all(pivots > tolerance * vload4(0, diagonal + i)))
            return i;
        vstore4((float4)(r0, r1, r2, r3), 0, inverse_pivots + i);
        for (uint j = i & ~7u; j < LDA; j += 8) {
            const float8 x0 = vload8(0, a0 + j) * r0;
            const float8 x1 = (vload8(0, a1 + j) - u01 * x0) * r1;
            const float8 x2 = (vload8(0, a2 + j) - u02 * x0 - u12 * x1) * r2;
            const float8 x3 = (vload8(0, a3 + j) - u03 * x0 - u13 * x1 - u23 * x2) * r3;
            vstore8(x0, 0, a0 + j);
            vstore8(x1, 0, a1 + j);
            vstore8(x2, 0, a2 + j);
            vstore8(x3, 0, a3 + j);
        }
    }
    return STRIDE;
}

// Solves U x = z, four rows at a time, with z in column STRIDE.
static inline void back_substitute(__global const float* restrict a, __global const float* inverse_pivots, __global float* x)
{
    for (uint block = STRIDE / 4; block-- > 0;) {
        const uint i = block * 4;
        __global const float* a0 = a + i * LDA;
        __global const float* a1 = a0 + LDA;
        __global const float* a2 = a1 + LDA;
        __global const float* a3 = a2 + LDA;
        float8 s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f;
        for (uint j = (i & ~7u) + 8; j < STRIDE; j += 8) {
            const float8 v = vload8(0, x + j);
            s0 += vload8(0, a0 + j) * v;
            s1 += vload8(0, a1 + j) * v;
            s2 += vload8(0, a2 + j) * v;
            s3 += vload8(0, a3 + j) * v;
        }
        float b0 = a0[STRIDE] - sum8(s0), b1 = a1[STRIDE] - sum8(s1);
        float b2 = a2[STRIDE] - sum8(s2), b3 = a3[STRIDE] - sum8(s3);
        if ((i & 7u) == 0) {
            for (uint j = i + 4; j < i + 8; ++j) {
                b0 -= a0[j] * x[j];
                b1 -= a1[j] * x[j];
                b2 -= a2[j] * x[j];
                b3 -= a3[j] * x[j];
            }
        }
        const float x3 = b3 * inverse_pivots[i + 3];
        const float x2 = (b2 - a2[i + 3] * x3) * inverse_pivots[i + 2];
        const float x1 = (b1 - a1[i + 3] * x3 - a1[i + 2] * x2) * inverse_pivots[i + 1];
        const float x0 = (b0 - a0[i + 3] * x3 - a0[i + 2] * x2 - a0[i + 1] * x1) * inverse_pivots[i];
        vstore4((float4)(x0, x1, x2, x3), 0, x + i);
    }
}

// Solves every row of one side. Work-items take rows from a common counter until none is left.
//
// Launch: any number of work-groups of 1; as many as there are scratch areas.
__kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void cpu_panel_half_step(
    __global const int* restrict row_order,        // row_count: rows in the order in which they are taken, longest first
    const uint row_count,
    __global const ulong* restrict row_offsets,    // rows + 1: entries of row u are row_offsets[u] ..< row_offsets[u + 1]
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    __global const float* restrict fixed_factors,  // columns x STRIDE
    __global float* restrict factors,              // rows x STRIDE, written
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    const float alpha,
    __global float* restrict scratch,              // work-groups x SCRATCH_FLOATS
    __global int* next_row,                        // 1: the counter, 0 at the start
    __global int* status)                          // 2: see common.cl
{
    __global float* a = scratch + get_group_id(0) * (size_t)SCRATCH_FLOATS;
    __global float* panel = a + MATRIX_FLOATS;
    __global float* right_side = panel + PANEL_FLOATS;
    __global float* panel_right_side = right_side + STRIDE;
    __global float* diagonal = panel_right_side + STRIDE;
    __global float* inverse_pivots = diagonal + STRIDE;

    for (uint position = atomic_inc(next_row); position < row_count; position = atomic_inc(next_row)) {
        const int row = row_order[position];
        const ulong end = row_offsets[row + 1];
        __global float* x = factors + (size_t)row * STRIDE;

        for (uint i = 0; i < STRIDE; ++i) {
            for (uint j = i & ~7u; j < STRIDE; j += 8)
                vstore8(IMPLICIT ? vload8(0, gramian + i * STRIDE + j) : (float8)(0.0f), 0, a + i * LDA + j);
            vstore8((float8)(0.0f), 0, a + i * LDA + STRIDE);
        }
        for (uint j = 0; j < STRIDE; j += 8)
            vstore8((float8)(0.0f), 0, right_side + j);

        for (ulong start = row_offsets[row]; start < end; start += PANEL_ROWS) {
            const uint n = (uint)min((ulong)PANEL_ROWS, end - start);
            for (uint j = 0; j < STRIDE; j += 8)
                vstore8((float8)(0.0f), 0, panel_right_side + j);
            for (uint k = 0; k < n; ++k) {
                const float rating = ratings[start + k];
                const float v = right_side_weight(rating, alpha);
                const float scale = IMPLICIT ? sqrt(gramian_weight(rating, alpha)) : 1.0f;
                const size_t y = (size_t)columns[start + k] * STRIDE;
                for (uint j = 0; j < STRIDE; j += 8) {
                    const float8 yj = load_fixed8(fixed_factors, y + j);
                    vstore8(IMPLICIT ? scale * yj : yj, 0, panel + k * STRIDE + j);
                    vstore8(vload8(0, panel_right_side + j) + v * yj, 0, panel_right_side + j);
                }
            }
            for (uint j = 0; j < STRIDE; j += 8)
                vstore8(vload8(0, right_side + j) + vload8(0, panel_right_side + j), 0, right_side + j);
            add_outer_products(panel, n, a);
        }

        // Without anything on the right side the solution is zero, whatever the matrix: a row without ratings, or one
        // with no preference in implicit training.
        int nothing_wanted = 1;
        for (uint j = 0; j < STRIDE; ++j)
            nothing_wanted &= right_side[j] == 0.0f;
        uint solved = STRIDE;
        if (!nothing_wanted) {
            const float lambda = regularization[row];
            for (uint i = 0; i < STRIDE; ++i) {
                a[i * LDA + i] += i < RANK ? lambda : 1.0f;
                diagonal[i] = a[i * LDA + i];
                a[i * LDA + STRIDE] = right_side[i];
            }
            solved = factorize(a, diagonal, pivot_tolerance(lambda), inverse_pivots);
            if (solved == STRIDE) {
                back_substitute(a, inverse_pivots, x);
                float8 sum = 0.0f;
                for (uint j = 0; j < STRIDE; j += 8)
                    sum += vload8(0, x + j);
                if (!isfinite(sum8(sum)))
                    report_overflow(status, row);
            } else {
                report_failure(status, row, sum8(vload8(0, diagonal + (solved & ~7u))));
            }
        }
        if (nothing_wanted || solved < STRIDE)
            for (uint j = 0; j < STRIDE; j += 8)
                vstore8((float8)(0.0f), 0, x + j);
    }
}

// Partial sums of the Gramian F'F of a factor matrix: work-group g sums rows g * rows_per_group and on. sum_partials adds
// them up in a fixed order, so that the result does not depend on the number of cores.
//
// Launch: work-groups of 1, as many as partial results.
__kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void cpu_panel_gramian(
    __global const float* restrict factors, // row_count x STRIDE, in the precision of FIXED_HALF
    const uint row_count,
    const uint rows_per_group,
    __global float* restrict scratch,       // work-groups x SCRATCH_FLOATS
    __global float* restrict partials)      // work-groups x STRIDE x STRIDE, upper triangle
{
    __global float* a = scratch + get_group_id(0) * (size_t)SCRATCH_FLOATS;
    __global float* out = partials + get_group_id(0) * (size_t)(STRIDE * STRIDE);
    for (uint k = 0; k < MATRIX_FLOATS; k += 8)
        vstore8((float8)(0.0f), 0, a + k);
    const ulong first = get_group_id(0) * (ulong)rows_per_group;
    const ulong end = min((ulong)row_count, first + rows_per_group);
    for (ulong start = first; start < end; start += PANEL_ROWS) {
        const uint n = (uint)min((ulong)PANEL_ROWS, end - start);
#if FIXED_HALF
        __global float* panel = a + MATRIX_FLOATS;
        for (uint k = 0; k < n * STRIDE; k += 8)
            vstore8(load_fixed8(factors, start * STRIDE + k), 0, panel + k);
        add_outer_products(panel, n, a);
#else
        add_outer_products(factors + start * STRIDE, n, a);
#endif
    }
    for (uint i = 0; i < STRIDE; ++i)
        for (uint j = i & ~7u; j < STRIDE; j += 8)
            vstore8(vload8(0, a + i * LDA + j), 0, out + i * STRIDE + j);
}
