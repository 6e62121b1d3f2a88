// Half-step of alternating least squares by Cholesky, shaped for CPUs.
//
// For each row: A = G + sum w y y' + lambda I and b = sum v y over the row's ratings, then x = inverse(A) b. One work-item
// computes a whole row, without barriers: factor rows are gathered in panels, from which register tiles update the upper
// triangle of A; the factorization solves the lower triangular system on its way. Short rows are solved as cpu_dual.cl says.
//
// Defines: those of cpu_dual.cl and cpu_nonnegative.cl.
// Numerics: 32-bit; every panel is summed on its own before it is added to A. Within 1e-4 of ALSReference (relative
// Frobenius norm of the factors after five iterations at rank 64).

// A work-item's scratch: A, the panel (transposed in the dual form: STRIDE x DUAL_ROWS; a second matrix of nonnegative rows),
// then vectors.
#define PANEL_FLOATS ((((DUAL_ROWS > 0 || NONNEGATIVE) && STRIDE > PANEL_ROWS) ? STRIDE : PANEL_ROWS) * LDA)
#define SCRATCH_FLOATS (STRIDE * LDA + PANEL_FLOATS + 6 * STRIDE)

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

// Matrices this small are summed straight from the fixed rows: those of one panel stay in the first-level cache, and copying
// them would cost half as much as the sums. Halves would be converted for each tile again.
//
// `hidden_zero` is a zero that the compiler does not know. Without it, it would take the single elements of a row out of the
// vectors that it has loaded already, by shuffles, which wait for the units that the sums need; from memory they come for nothing.
#define SUMS_DIRECTLY (STRIDE <= 16 && !FIXED_HALF)

#if SUMS_DIRECTLY
// Adds n ratings to rows i ..< i + 4 of A, columns 0 ..< 16, and with i = 0 to the right side. As in gather, `available` ratings
// are left of the row.
static inline void add_rated_4x16(
    const FixedRows fixed_factors, __global const int* restrict columns, __global const float* restrict ratings, uint n,
    ulong available, const uint i, const uint hidden_zero, float alpha, int is_first, __global float* restrict a,
    __global float* restrict right_side)
{
    float8 c00 = 0.0f, c01 = 0.0f, c10 = 0.0f, c11 = 0.0f, c20 = 0.0f, c21 = 0.0f, c30 = 0.0f, c31 = 0.0f;
    float8 s0 = 0.0f, s1 = 0.0f;
    for (uint k = 0; k < n; ++k) {
        __global const float* y = fixed_row(fixed_factors, columns[k]);
        __global const float* u = y + hidden_zero;
        float8 b0 = load8(y, 0), b1 = load8(y, 1);
        if (i == 0) {
            if (k + RATINGS_AHEAD < available)
                prefetch_fixed_row(fixed_factors, columns[k + RATINGS_AHEAD]);
            const float weight = right_side_weight(ratings[k], alpha);
            s0 += weight * b0;
            s1 += weight * b1;
        }
        if (IMPLICIT) {
            const float weight = gramian_weight(ratings[k], alpha);
            b0 *= weight;
            b1 *= weight;
        }
        c00 += u[i] * b0;
        c01 += u[i] * b1;
        c10 += u[i + 1] * b0;
        c11 += u[i + 1] * b1;
        c20 += u[i + 2] * b0;
        c21 += u[i + 2] * b1;
        c30 += u[i + 3] * b0;
        c31 += u[i + 3] * b1;
    }
    __global float* row = a + i * LDA;
    const int is_new = is_first && !IMPLICIT;
    put8(c00, is_new, row, 0);
    put8(c01, is_new, row, 1);
    put8(c10, is_new, row + LDA, 0);
    put8(c11, is_new, row + LDA, 1);
    put8(c20, is_new, row + 2 * LDA, 0);
    put8(c21, is_new, row + 2 * LDA, 1);
    put8(c30, is_new, row + 3 * LDA, 0);
    put8(c31, is_new, row + 3 * LDA, 1);
    if (i == 0) {
        put8(s0, is_first, right_side, 0);
        put8(s1, is_first, right_side, 1);
    }
}

// The same for rows j ..< j + 8 and columns j ..< j + 8, and with j = 0 for the right side.
static inline void add_rated_8x8(
    const FixedRows fixed_factors, __global const int* restrict columns, __global const float* restrict ratings, uint n,
    ulong available, const uint j, const uint hidden_zero, float alpha, int is_first, __global float* restrict a,
    __global float* restrict right_side)
{
    float8 c0 = 0.0f, c1 = 0.0f, c2 = 0.0f, c3 = 0.0f, c4 = 0.0f, c5 = 0.0f, c6 = 0.0f, c7 = 0.0f, s = 0.0f;
    for (uint k = 0; k < n; ++k) {
        __global const float* y = fixed_row(fixed_factors, columns[k]);
        // Two, for eight neighbours from one address would be loaded as a vector, and shuffled.
        __global const float* u = y + hidden_zero;
        __global const float* v = u + hidden_zero;
        float8 b = load8(y + j, 0);
        if (j == 0) {
            if (k + RATINGS_AHEAD < available)
                prefetch_fixed_row(fixed_factors, columns[k + RATINGS_AHEAD]);
            s += right_side_weight(ratings[k], alpha) * b;
        }
        if (IMPLICIT)
            b *= gramian_weight(ratings[k], alpha);
        c0 += u[j] * b;
        c1 += u[j + 1] * b;
        c2 += u[j + 2] * b;
        c3 += u[j + 3] * b;
        c4 += v[j + 4] * b;
        c5 += v[j + 5] * b;
        c6 += v[j + 6] * b;
        c7 += v[j + 7] * b;
    }
    __global float* row = a + j * LDA + j;
    const int is_new = is_first && !IMPLICIT;
    put8(c0, is_new, row, 0);
    put8(c1, is_new, row + LDA, 0);
    put8(c2, is_new, row + 2 * LDA, 0);
    put8(c3, is_new, row + 3 * LDA, 0);
    put8(c4, is_new, row + 4 * LDA, 0);
    put8(c5, is_new, row + 5 * LDA, 0);
    put8(c6, is_new, row + 6 * LDA, 0);
    put8(c7, is_new, row + 7 * LDA, 0);
    if (j == 0)
        put8(s, is_first, right_side, 0);
}
#endif

// A and b of a row with ratings.
static inline void build_equations(
    const FixedRows fixed_factors, __global const int* restrict columns,
    __global const float* restrict ratings, ulong count, __global const float* restrict gramian, float alpha,
    const uint hidden_zero, __global float* restrict a, __global float* restrict panel, __global float* restrict right_side)
{
    if (IMPLICIT)
        for (uint i = 0; i < STRIDE; ++i)
            for (uint j = i & ~7u; j < STRIDE; j += 8)
                store8(load8(gramian + i * STRIDE + j, 0), a + i * LDA + j, 0);
    for (ulong start = 0; start < count; start += PANEL_ROWS) {
        const uint n = (uint)min((ulong)PANEL_ROWS, count - start);
        const int is_first = start == 0;
#if SUMS_DIRECTLY
#define ADD_RATED(tile, ...) \
    tile(fixed_factors, columns + start, ratings + start, n, count - start, __VA_ARGS__, hidden_zero, alpha, is_first, a, right_side)
#if STRIDE == 16
        ADD_RATED(add_rated_4x16, 0);
        ADD_RATED(add_rated_4x16, 4);
        ADD_RATED(add_rated_8x8, 8);
#else
        ADD_RATED(add_rated_8x8, 0);
#endif
#undef ADD_RATED
#else
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
#endif
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
    const uint dual_rows,                          // at most DUAL_ROWS: the longest row to solve in the dual form
    FIXED_PARAMETERS(rotated),                     // implicit: columns x STRIDE, the fixed factors times E', 32-bit
    __global const float* restrict eigen,          // implicit: (1 + STRIDE) x STRIDE, the eigenvalues of the Gramian, then E
    __global const ulong* restrict row_offsets,    // rows + 1: entries of row u are row_offsets[u] ..< row_offsets[u + 1]
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    FIXED_PARAMETERS(fixed),                       // columns x STRIDE, in the precision of FIXED_HALF
    __global float* restrict factors,              // rows x STRIDE, written; NONNEGATIVE: what they hold is the start
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    __global int* status,                          // 2: see common.cl
    const float alpha)
{
    const FixedRows fixed_factors = FIXED_ROWS(fixed);
#if IMPLICIT
    const FixedRows rotated_factors = FIXED_ROWS(rotated);
#else
    const FixedRows rotated_factors = FIXED_ROWS(fixed);
#endif
    __global float* a = scratch + get_group_id(0) * (size_t)SCRATCH_FLOATS;
    __global float* panel = a + STRIDE * LDA;
    __global float* right_side = panel + PANEL_FLOATS;
    __global float* diagonal = right_side + STRIDE;
    __global float* inverse_pivots = diagonal + STRIDE;
    __global float* z = inverse_pivots + STRIDE;
    __global float* scale = z + STRIDE;
    __global float* roots = scale + STRIDE;

    const uint row_count = batch_starts[batch_count];
    // Batches are counted in 31 bits.
    const uint hidden_zero = batch_count >> 31;
    for (uint batch = atomic_inc(next_batch); batch < batch_count; batch = atomic_inc(next_batch)) {
        const uint end = batch_starts[batch + 1];
        for (uint position = batch_starts[batch]; position < end; ++position) {
            const int row = row_order[position];
            const ulong first = row_offsets[row];
            const ulong count = row_offsets[row + 1] - first;
            const float lambda = regularization[row];
            prefetch_row_ahead(row_order, position, row_count, row_offsets, columns, fixed_factors);
            __global float* x = factors + (size_t)row * STRIDE;

            const DualRow dual = {
                rotated_factors, columns + first, ratings + first, (uint)count, eigen, eigen + STRIDE, scale, roots};
            const int is_dual =
                count > 0 && count <= dual_rows && lambda > 0.0f && begin_dual(dual, lambda, alpha, right_side);
            if (!is_dual && count > 0)
                build_equations(
                    fixed_factors, columns + first, ratings + first, count, gramian, alpha, hidden_zero, a, panel,
                    right_side);

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
                const float shift = DUAL_SHIFT(lambda);
                if (count <= FEW) {
                    solved = solve_few(dual, shift, right_side, z, diagonal) ? order : 0;
                } else {
                    gather_transposed(dual, panel);
                    for (uint k = 0; k < STRIDE; k += PANEL_ROWS)
                        add_outer_products(panel + k * LDA, min((uint)PANEL_ROWS, STRIDE - k), order, a, k == 0);
                    solved = solve(a, order, (uint)count, shift, right_side, diagonal, inverse_pivots, z);
                }
                if (solved == order)
                    finish_dual(dual, z, x);
            } else {
#if NONNEGATIVE
                solved = solve_nonnegative(
                    a, panel, lambda, right_side, diagonal, inverse_pivots, z, scale, roots, x);
#else
                solved = solve(a, STRIDE, RANK, lambda, right_side, diagonal, inverse_pivots, x);
#endif
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
