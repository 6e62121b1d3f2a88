// Half-step of alternating least squares by Cholesky, shaped for CPUs.
//
// For each row: A = G + sum w y y' + lambda I and b = sum v y over the row's ratings, then x = inverse(A) b. One work-item
// computes a whole row, without barriers: factor rows are gathered in panels, from which register tiles update the upper
// triangle of A; the factorization solves the lower triangular system on its way.
//
// Short rows of explicit training, n up to DUAL_ROWS below the rank, are solved in as many dimensions as they have ratings: with the
// n gathered rows as Y, x = (Y'Y + lambda I)^-1 Y' r = Y' (Y Y' + lambda I)^-1 r.
//
// Defines: those of cpu_tiles.cl, and
//   DUAL_ROWS  the longest row that is solved so, a multiple of 8; 0: none
// Numerics: 32-bit; every panel is summed on its own before it is added to A. Within 1e-4 of ALSReference (relative
// Frobenius norm of the factors after five iterations at rank 64).
#ifndef DUAL_ROWS
#define DUAL_ROWS 0
#endif
#if IMPLICIT
#define IS_DUAL(n, lambda) 0
#else
#define IS_DUAL(n, lambda) ((n) <= DUAL_ROWS && (lambda) > 0.0f)
#endif

// A work-item's scratch: A, the panel (transposed in the dual form: STRIDE x DUAL_ROWS), then vectors.
#define PANEL_FLOATS (((DUAL_ROWS > 0 && STRIDE > PANEL_ROWS) ? STRIDE : PANEL_ROWS) * LDA)
#define SCRATCH_FLOATS (STRIDE * LDA + PANEL_FLOATS + 4 * STRIDE)

// Gathers `vectors` float8 of n rows of the fixed factors, from column j on, into the panel, and adds them to the right side.
// `vectors` is a constant wherever it is called, so that the sums stay in registers. `available` is the number of ratings from
// here to the end of the row: the first of them that are not yet needed are called into the cache.
static inline void gather(
    const uint vectors, const FixedRows fixed_factors, __global const int* restrict columns,
    __global const float* restrict ratings, uint n, ulong available, uint j, float alpha, int is_first,
    __global float* restrict panel, __global float* restrict right_side)
{
    float8 sums[8];
#pragma unroll
    for (uint v = 0; v < vectors; ++v)
        sums[v] = 0.0f;
    for (uint k = 0; k < n; ++k) {
        const float rating = ratings[k];
        const float weight = right_side_weight(rating, alpha);
        const float scale = IMPLICIT ? sqrt(gramian_weight(rating, alpha)) : 1.0f;
        __global const float* y = fixed_row(fixed_factors, columns[k]);
        if (j == 0 && k + RATINGS_AHEAD < available)
            prefetch_fixed_row(fixed_factors, columns[k + RATINGS_AHEAD]);
#pragma unroll
        for (uint v = 0; v < vectors; ++v) {
            const float8 yv = load_fixed_aligned8(y, j + 8 * v);
            store8(IMPLICIT ? scale * yv : yv, panel + k * LDA + j, v);
            sums[v] += weight * yv;
        }
    }
#pragma unroll
    for (uint v = 0; v < vectors; ++v)
        put8(sums[v], is_first, right_side + j, v);
}

// A and b of a row with ratings.
static inline void build_equations(
    const FixedRows fixed_factors, __global const int* restrict columns,
    __global const float* restrict ratings, ulong count, __global const float* restrict gramian, float alpha,
    __global float* restrict a, __global float* restrict panel, __global float* restrict right_side)
{
    if (IMPLICIT)
        for (uint i = 0; i < STRIDE; ++i)
            for (uint j = i & ~7u; j < STRIDE; j += 8)
                store8(load8(gramian + i * STRIDE + j, 0), a + i * LDA + j, 0);
    for (ulong start = 0; start < count; start += PANEL_ROWS) {
        const uint n = (uint)min((ulong)PANEL_ROWS, count - start);
        const int is_first = start == 0;
        uint j = 0;
        for (; j + 64 <= STRIDE; j += 64)
            gather(
                8, fixed_factors, columns + start, ratings + start, n, count - start, j, alpha, is_first, panel,
                right_side);
#if STRIDE % 64 != 0
        gather(
            STRIDE % 64 / 8, fixed_factors, columns + start, ratings + start, n, count - start, j, alpha, is_first, panel,
            right_side);
#endif
        if (n & 1)
            for (uint k = 0; k < STRIDE; k += 8)
                store8(0.0f, panel + n * LDA + k, 0);
        add_outer_products(panel, (n + 1) & ~1u, STRIDE, a, is_first && !IMPLICIT);
    }
}

// Solves A x = b for the leading order x order part, whose last elements from `count` on are padding. Returns the number of
// solved elements, or the first index of a block of four with a pivot that is not positive.
static inline uint solve(
    __global float* restrict a, uint order, uint count, float lambda, __global float* restrict right_side,
    __global float* restrict diagonal, __global float* restrict inverse_pivots, __global float* restrict x)
{
    for (uint i = 0; i < order; ++i) {
        // Padding rows hold zeros and what tiles wrote below the diagonal.
        a[i * LDA + i] += i < count ? lambda : 1.0f;
        diagonal[i] = a[i * LDA + i];
    }
    const uint solved = factorize(a, order, diagonal, pivot_tolerance(lambda), inverse_pivots, right_side);
    if (solved == order)
        back_substitute(a, order, inverse_pivots, right_side, x);
    return solved;
}

// The 8 x 8 block transposed, its rows LDA apart at `out`.
static inline void store_transposed(
    float8 r0, float8 r1, float8 r2, float8 r3, float8 r4, float8 r5, float8 r6, float8 r7, __global float* out)
{
#define LOW(a, b) (float8)(a.s0, b.s0, a.s1, b.s1, a.s4, b.s4, a.s5, b.s5)
#define HIGH(a, b) (float8)(a.s2, b.s2, a.s3, b.s3, a.s6, b.s6, a.s7, b.s7)
#define LOW_PAIRS(a, b) (float8)(a.s01, b.s01, a.s45, b.s45)
#define HIGH_PAIRS(a, b) (float8)(a.s23, b.s23, a.s67, b.s67)
    const float8 t0 = LOW(r0, r1), t1 = HIGH(r0, r1), t2 = LOW(r2, r3), t3 = HIGH(r2, r3);
    const float8 t4 = LOW(r4, r5), t5 = HIGH(r4, r5), t6 = LOW(r6, r7), t7 = HIGH(r6, r7);
    const float8 q0 = LOW_PAIRS(t0, t2), q1 = HIGH_PAIRS(t0, t2), q2 = LOW_PAIRS(t1, t3), q3 = HIGH_PAIRS(t1, t3);
    const float8 q4 = LOW_PAIRS(t4, t6), q5 = HIGH_PAIRS(t4, t6), q6 = LOW_PAIRS(t5, t7), q7 = HIGH_PAIRS(t5, t7);
    store8((float8)(q0.lo, q4.lo), out, 0);
    store8((float8)(q1.lo, q5.lo), out + LDA, 0);
    store8((float8)(q2.lo, q6.lo), out + 2 * LDA, 0);
    store8((float8)(q3.lo, q7.lo), out + 3 * LDA, 0);
    store8((float8)(q0.hi, q4.hi), out + 4 * LDA, 0);
    store8((float8)(q1.hi, q5.hi), out + 5 * LDA, 0);
    store8((float8)(q2.hi, q6.hi), out + 6 * LDA, 0);
    store8((float8)(q3.hi, q7.hi), out + 7 * LDA, 0);
#undef LOW
#undef HIGH
#undef LOW_PAIRS
#undef HIGH_PAIRS
}

// Y of a short row, transposed: STRIDE x n, padded with zeros to whole vectors.
static inline void gather_transposed(
    const FixedRows fixed_factors, __global const int* restrict columns, uint n, __global float* restrict panel)
{
    for (uint k = 0; k < n; k += 8) {
#define ROW(q) (k + q < n ? load_fixed_aligned8(fixed_row(fixed_factors, columns[k + q]), j) : (float8)(0.0f))
        for (uint j = 0; j < STRIDE; j += 8)
            store_transposed(ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), panel + j * LDA + k);
#undef ROW
    }
}

// x[j ..< j + 8 vectors] = sum of z_k y_k over n rows.
static inline void combine(
    const uint vectors, const FixedRows fixed_factors, __global const int* restrict columns, uint n, uint j,
    __global const float* restrict z, __global float* restrict x)
{
    float8 sums[8];
#pragma unroll
    for (uint v = 0; v < vectors; ++v)
        sums[v] = 0.0f;
    for (uint k = 0; k < n; ++k) {
        __global const float* y = fixed_row(fixed_factors, columns[k]);
#pragma unroll
        for (uint v = 0; v < vectors; ++v)
            sums[v] += z[k] * load_fixed_aligned8(y, j + 8 * v);
    }
#pragma unroll
    for (uint v = 0; v < vectors; ++v)
        store8(sums[v], x + j, v);
}

// Rows of at most so many ratings are solved in registers.
#define FEW 4

// z = inverse(Y Y' + lambda I) r for at most FEW rows y of the fixed factors, and the diagonal of the matrix. False if a pivot is
// not positive.
static inline int solve_few(
    __global const float* restrict fixed_factors, __global const int* restrict columns, __global const float* restrict ratings,
    uint n, float lambda, float4* z, float4* diagonal)
{
    const int4 k = (int4)(0, 1, 2, 3);
    const int4 is_there = k < (int)n;
    // The last row stands for those that are not there.
    const uint last = n - 1;
    const size_t i0 = (size_t)columns[0] * STRIDE, i1 = (size_t)columns[min(1u, last)] * STRIDE;
    const size_t i2 = (size_t)columns[min(2u, last)] * STRIDE, i3 = (size_t)columns[last] * STRIDE;
    float8 c00 = 0.0f, c01 = 0.0f, c02 = 0.0f, c03 = 0.0f, c11 = 0.0f, c12 = 0.0f, c13 = 0.0f, c22 = 0.0f, c23 = 0.0f;
    float8 c33 = 0.0f;
    for (uint j = 0; j < STRIDE; j += 8) {
        const float8 y0 = load_fixed_aligned8(fixed_factors, i0 + j), y1 = load_fixed_aligned8(fixed_factors, i1 + j);
        const float8 y2 = load_fixed_aligned8(fixed_factors, i2 + j), y3 = load_fixed_aligned8(fixed_factors, i3 + j);
        c00 += y0 * y0;
        c01 += y0 * y1;
        c02 += y0 * y2;
        c03 += y0 * y3;
        c11 += y1 * y1;
        c12 += y1 * y2;
        c13 += y1 * y3;
        c22 += y2 * y2;
        c23 += y2 * y3;
        c33 += y3 * y3;
    }
    const float4 d = select((float4)(0.0f), sums8(c00, c11, c22, c33), is_there) + lambda;
    const float4 s = select((float4)(0.0f), sums8(c01, c02, c03, c12), is_there.yzwz);
    const float4 t = select((float4)(0.0f), sums8(c13, c23, c13, c23), is_there.wwww);
    const float4 b = (float4)(ratings[0], ratings[min(1u, last)], ratings[min(2u, last)], ratings[last]);
    *diagonal = d;
    Pivots p;
    if (!factorize4(
            (float4)(d.x, s.x, s.y, s.z), (float4)(0.0f, d.y, s.w, t.x), (float4)(0.0f, 0.0f, d.z, t.y),
            (float4)(0.0f, 0.0f, 0.0f, d.w), pivot_tolerance(lambda) * d, select((float4)(0.0f), b, is_there), &p))
        return 0;
    const float z3 = p.z.w * p.inverse_pivots.w;
    const float z2 = (p.z.z - p.u23 * z3) * p.inverse_pivots.z;
    const float z1 = (p.z.y - p.u13 * z3 - p.u12 * z2) * p.inverse_pivots.y;
    const float z0 = (p.z.x - p.u03 * z3 - p.u02 * z2 - p.u01 * z1) * p.inverse_pivots.x;
    *z = (float4)(z0, z1, z2, z3);
    return 1;
}

// Solves every row of one side. Work-items take batches of rows from a common counter until none is left.
//
// Launch: any number of work-groups of 1; as many as there are scratch areas.
__kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void cpu_cholesky_half_step(
    __global const int* restrict row_order,        // rows in the order in which they are taken
    __global const uint* restrict batch_starts,    // batch_count + 1: batch k is row_order[batch_starts[k] ..< batch_starts[k + 1]]
    const uint batch_count,
    __global float* restrict scratch,              // work-groups x SCRATCH_FLOATS
    __global int* next_batch,                      // 1: the counter, 0 at the start
    __global const ulong* restrict row_offsets,    // rows + 1: entries of row u are row_offsets[u] ..< row_offsets[u + 1]
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    FIXED_PARAMETERS(fixed),                       // columns x STRIDE, in the precision of FIXED_HALF
    __global float* restrict factors,              // rows x STRIDE, written
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    __global int* status,                          // 2: see common.cl
    const float alpha)
{
    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    __global float* a = scratch + get_group_id(0) * (size_t)SCRATCH_FLOATS;
    __global float* panel = a + STRIDE * LDA;
    __global float* right_side = panel + PANEL_FLOATS;
    __global float* diagonal = right_side + STRIDE;
    __global float* inverse_pivots = diagonal + STRIDE;
    __global float* z = inverse_pivots + STRIDE;

    const uint row_count = batch_starts[batch_count];
    for (uint batch = atomic_inc(next_batch); batch < batch_count; batch = atomic_inc(next_batch)) {
        const uint end = batch_starts[batch + 1];
        for (uint position = batch_starts[batch]; position < end; ++position) {
            const int row = row_order[position];
            const ulong first = row_offsets[row];
            const ulong count = row_offsets[row + 1] - first;
            const float lambda = regularization[row];
            prefetch_row_ahead(row_order, position, row_count, row_offsets, columns, fixed_factors);
            const int is_dual = IS_DUAL(count, lambda);
            __global float* x = factors + (size_t)row * STRIDE;

            if (is_dual) {
                for (uint k = 0; k < ((uint)(count + 7) & ~7u); ++k)
                    right_side[k] = k < count ? ratings[first + k] : 0.0f;
            } else if (count > 0) {
                build_equations(
                    fixed_factors, columns + first, ratings + first, count, gramian, alpha, a, panel, right_side);
            }

            // Without anything on the right side the solution is zero, whatever the matrix: a row without ratings, or one
            // with no preference in implicit training.
            const uint order = is_dual ? (uint)(count + 7) & ~7u : STRIDE;
            int nothing_wanted = 1;
            for (uint j = 0; j < order && count > 0; ++j)
                nothing_wanted &= right_side[j] == 0.0f;
            if (nothing_wanted) {
                clear_row(x);
                continue;
            }

            uint solved;
            if (is_dual) {
                if (count <= FEW) {
                    float4 few, d;
                    solved = solve_few(fixed_factors, columns + first, ratings + first, (uint)count, lambda, &few, &d) ? order : 0;
                    vstore4(few, 0, z);
                    vstore4(d, 0, diagonal);
                } else {
                    gather_transposed(fixed_factors, columns + first, (uint)count, panel);
                    for (uint k = 0; k < STRIDE; k += PANEL_ROWS)
                        add_outer_products(panel + k * LDA, min((uint)PANEL_ROWS, STRIDE - k), order, a, k == 0);
                    solved = solve(a, order, (uint)count, lambda, right_side, diagonal, inverse_pivots, z);
                }
                if (solved == order) {
                    uint j = 0;
                    for (; j + 64 <= STRIDE; j += 64)
                        combine(8, fixed_factors, columns + first, (uint)count, j, z, x);
#if STRIDE % 64 != 0
                    combine(STRIDE % 64 / 8, fixed_factors, columns + first, (uint)count, j, z, x);
#endif
                }
            } else {
                solved = solve(a, STRIDE, RANK, lambda, right_side, diagonal, inverse_pivots, x);
            }

            if (solved == order) {
                float8 sum = 0.0f;
                for (uint j = 0; j < STRIDE; j += 8)
                    sum += load8(x + j, 0);
                if (!isfinite(sum8(sum)))
                    report_overflow(status, row);
            } else {
                report_failure(status, row, sum8(load8(diagonal + (solved & ~7u), 0)));
                clear_row(x);
            }
        }
    }
}
