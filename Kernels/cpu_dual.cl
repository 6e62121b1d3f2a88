// Short rows on CPUs, in as many dimensions as they have ratings. KernelSource puts it before cpu_cholesky.cl.
//
// Explicit: with the row's n fixed rows as Y, x = (Y'Y + lambda I)^-1 Y' r = Y' (Y Y' + lambda I)^-1 r.
//
// Implicit: A = G + Y' W Y + lambda I, W the weights of the Gramian and v those of the right side. G = E' diag(e) E by its
// eigenvectors, the rows of E, so that with M = diag(e) + lambda I and the rotated rows R = Y E'
//   x = E' M^-1/2 B' (B B' + I)^-1 W^-1/2 v,  B = W^1/2 R M^-1/2.
// The lengths of B's rows are at most those of W^1/2, for every row of R is among those that diag(e) sums: the sum of the weights
// bounds the condition of B B' + I.
//
// Defines: those of cpu_tiles.cl, and
//   DUAL_ROWS  the longest row that is solved so, a multiple of 8; 0: none
#ifndef DUAL_ROWS
#define DUAL_ROWS 0
#endif

// The most that the weights of a row may sum up to.
#define MOST_DUAL_WEIGHT 1e5f

// What is added to the diagonal: lambda, or 1 after scaling by it.
#define DUAL_SHIFT(lambda) (IMPLICIT ? 1.0f : (lambda))

// What a row is solved from.
typedef struct {
    FixedRows rows;                   // explicit: the fixed factors; implicit: R, in 32 bits
    __global const int* columns;
    __global const float* ratings;
    uint count;
    // Implicit:
    __global const float* eigenvalues;  // STRIDE, padded with ones
    __global const float* eigenvectors; // STRIDE x STRIDE: E
    __global float* scale;              // STRIDE: M^-1/2
    __global float* roots;              // of the weights W
} DualRow;

static inline __global const float* dual_row(const DualRow row, uint k)
{
    return IMPLICIT ? pitched_row(row.rows, row.columns[k], STRIDE) : fixed_row(row.rows, row.columns[k]);
}

static inline float8 load_dual8(__global const float* dual_row, size_t index)
{
    return IMPLICIT ? load8(dual_row + index, 0) : load_fixed_aligned8(dual_row, index);
}

// The right side for each rating, with zeros up to a multiple of 8, and the scales. False if the row is not to be solved so.
static inline int begin_dual(const DualRow row, float lambda, float alpha, __global float* right_side)
{
    float total = 0.0f;
    for (uint k = 0; k < row.count; ++k) {
        const float rating = row.ratings[k];
        if (IMPLICIT) {
            const float weight = gramian_weight(rating, alpha);
            const float root = sqrt(weight);
            // Evidence without weight is beyond this form.
            if (weight == 0.0f && rating > 0.0f)
                return 0;
            total += weight;
            row.roots[k] = root;
            right_side[k] = rating > 0.0f ? right_side_weight(rating, alpha) / root : 0.0f;
        } else {
            right_side[k] = rating;
        }
    }
    for (uint k = row.count; k < ((row.count + 7) & ~7u); ++k)
        right_side[k] = 0.0f;
    if (!(total <= MOST_DUAL_WEIGHT))
        return 0;
    if (IMPLICIT)
        for (uint j = 0; j < STRIDE; j += 8)
            store8(1.0f / sqrt(load8(row.eigenvalues + j, 0) + lambda), row.scale + j, 0);
    return 1;
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

// Y, or B, of a short row, transposed: STRIDE x n, padded with zeros to whole vectors.
static inline void gather_transposed(const DualRow row, __global float* restrict panel)
{
    for (uint k = 0; k < row.count; k += 8) {
#define ROW(q) \
    (k + q < row.count \
            ? load_dual8(dual_row(row, k + q), j) * (IMPLICIT ? scale * row.roots[k + q] : (float8)(1.0f)) \
            : (float8)(0.0f))
        for (uint j = 0; j < STRIDE; j += 8) {
            const float8 scale = IMPLICIT ? load8(row.scale + j, 0) : (float8)(1.0f);
            store_transposed(ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), panel + j * LDA + k);
        }
#undef ROW
    }
}

// Rows of at most so many ratings are solved in registers.
#define FEW 4

// Solves (B B' + shift I) z = b for at most FEW ratings. False if a pivot is not positive; `diagonal` is that of the matrix.
static inline int solve_few(
    const DualRow row, float shift, __global const float* right_side, __global float* z, __global float* diagonal)
{
    const int4 is_there = (int4)(0, 1, 2, 3) < (int)row.count;
    // The last row stands for those that are not there.
    const uint last = row.count - 1;
    __global const float* row_0 = dual_row(row, 0);
    __global const float* row_1 = dual_row(row, min(1u, last));
    __global const float* row_2 = dual_row(row, min(2u, last));
    __global const float* row_3 = dual_row(row, last);
    float8 c00 = 0.0f, c01 = 0.0f, c02 = 0.0f, c03 = 0.0f, c11 = 0.0f, c12 = 0.0f, c13 = 0.0f, c22 = 0.0f, c23 = 0.0f;
    float8 c33 = 0.0f;
    for (uint j = 0; j < STRIDE; j += 8) {
        float8 y0 = load_dual8(row_0, j), y1 = load_dual8(row_1, j), y2 = load_dual8(row_2, j), y3 = load_dual8(row_3, j);
        if (IMPLICIT) {
            const float8 scale = load8(row.scale + j, 0);
            y0 *= scale;
            y1 *= scale;
            y2 *= scale;
            y3 *= scale;
        }
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
    float4 d = sums8(c00, c11, c22, c33), s = sums8(c01, c02, c03, c12), t = sums8(c13, c23, c13, c23);
    if (IMPLICIT) {
        const float4 w = vload4(0, row.roots);
        d *= w * w;
        s *= w.xxxy * w.yzwz;
        t *= w.yzyz * w.wwww;
    }
    d = select((float4)(0.0f), d, is_there) + shift;
    s = select((float4)(0.0f), s, is_there.yzwz);
    t = select((float4)(0.0f), t, is_there.wwww);
    vstore4(d, 0, diagonal);
    Pivots p;
    if (!factorize4(
            (float4)(d.x, s.x, s.y, s.z), (float4)(0.0f, d.y, s.w, t.x), (float4)(0.0f, 0.0f, d.z, t.y),
            (float4)(0.0f, 0.0f, 0.0f, d.w), pivot_tolerance(shift) * d, vload4(0, right_side), &p))
        return 0;
    const float z3 = p.z.w * p.inverse_pivots.w;
    const float z2 = (p.z.z - p.u23 * z3) * p.inverse_pivots.z;
    const float z1 = (p.z.y - p.u13 * z3 - p.u12 * z2) * p.inverse_pivots.y;
    const float z0 = (p.z.x - p.u03 * z3 - p.u02 * z2 - p.u01 * z1) * p.inverse_pivots.x;
    vstore4((float4)(z0, z1, z2, z3), 0, z);
    return 1;
}

// x[j ..< j + 8 vectors] = sum of c_k y_k over the n rows of y, STRIDE apart, or if y is 0 over those that the ratings name.
__attribute__((always_inline)) static inline void combine(
    const uint vectors, const DualRow row, __global const float* restrict y, uint n, uint j, __global const float* restrict c,
    __global float* restrict x)
{
    float8 sums[8];
#pragma unroll
    for (uint v = 0; v < vectors; ++v)
        sums[v] = 0.0f;
    for (uint k = 0; k < n; ++k) {
        __global const float* yk = y ? y + k * STRIDE : dual_row(row, k);
#pragma unroll
        for (uint v = 0; v < vectors; ++v)
            sums[v] += c[k] * (y ? load8(yk + j, v) : load_dual8(yk, j + 8 * v));
    }
#pragma unroll
    for (uint v = 0; v < vectors; ++v)
        store8(sums[v], x + j, v);
}

// x = sum of c_k y_k over these rows.
__attribute__((always_inline)) static inline void combine_rows(
    const DualRow row, __global const float* restrict y, uint n, __global const float* restrict c, __global float* restrict x)
{
    uint j = 0;
    for (; j + 64 <= STRIDE; j += 64)
        combine(8, row, y, n, j, c, x);
#if STRIDE % 64 != 0
    combine(STRIDE % 64 / 8, row, y, n, j, c, x);
#endif
}

// x from z; implicit: z and the scales are overwritten.
static inline void finish_dual(const DualRow row, __global float* z, __global float* x)
{
    if (!IMPLICIT) {
        combine_rows(row, 0, row.count, z, x);
        return;
    }
    for (uint k = 0; k < row.count; ++k)
        z[k] *= row.roots[k];
    // The roots' place is free from here on.
    combine_rows(row, 0, row.count, z, row.roots);
    for (uint j = 0; j < STRIDE; j += 8) {
        const float8 scale = load8(row.scale + j, 0);
        store8(load8(row.roots + j, 0) * scale * scale, row.scale + j, 0);
    }
    combine_rows(row, row.eigenvectors, STRIDE, row.scale, x);
}
