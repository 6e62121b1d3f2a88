// What the CPU kernels share: symmetric matrices built by register tiles from panels of gathered rows, and their factorization.
// KernelSource puts it between common.cl and each cpu_*.cl that solves.
//
// Every matrix and panel here has rows LDA floats apart and 32-byte aligned, so that each access is one aligned vector of 8. LDA
// is not a power of two: rows a power of two apart would fall into the same sets of the cache.
//
// Defines: those of common.cl, and
//   PANEL_ROWS  ratings gathered, and summed on their own, at a time: short sums keep the rounding errors small (default 32; even)
#ifndef PANEL_ROWS
#define PANEL_ROWS 32
#endif

#define LDA (STRIDE + 8)

// The i-th vector of 8 from an aligned address. Aligned, because the compiler splits an unaligned copy in two.
static inline float8 load8(__global const float* p, size_t i)
{
    return ((__global const float8*)p)[i];
}

static inline void store8(float8 v, __global float* p, size_t i)
{
    ((__global float8*)p)[i] = v;
}

// Zeros for the factors of a row.
static inline void clear_row(__global float* x)
{
    for (uint j = 0; j < STRIDE; j += 8)
        store8(0.0f, x + j, 0);
}

// Eight fixed factors of a row from `index`, a multiple of 8, on.
static inline float8 load_fixed_aligned8(__global const float* fixed_row, size_t index)
{
#if FIXED_HALF
    return load_fixed8(fixed_row, index);
#else
    return load8(fixed_row + index, 0);
#endif
}

// How many ratings, and how many rows, ahead of their use the factor rows are called into the cache. Where the fixed factors
// are larger than the caches this hides a third of the time; where they are not it costs nothing that can be measured.
#define RATINGS_AHEAD 16
#define ROWS_AHEAD 3

// Calls a row of the fixed factors into the second-level cache. The built-in function of clang, for pocl's prefetch() does nothing.
static inline void prefetch_fixed_row(const FixedRows fixed_factors, uint row)
{
#if defined(__has_builtin)
#if __has_builtin(__builtin_prefetch)
    const size_t bytes = STRIDE * (FIXED_HALF ? sizeof(half) : sizeof(float));
    const uintptr_t first = (uintptr_t)fixed_row(fixed_factors, row);
    for (uintptr_t line = first; line < first + bytes; line += 64)
        __builtin_prefetch((const __private void*)line, 0, 2);
#endif
#endif
}

// Calls the first factor rows that the row ROWS_AHEAD of `position` names into the cache.
static inline void prefetch_row_ahead(
    __global const int* row_order, uint position, uint row_count, __global const ulong* row_offsets,
    __global const int* columns, const FixedRows fixed_factors)
{
    if (position + ROWS_AHEAD >= row_count)
        return;
    const int row = row_order[position + ROWS_AHEAD];
    const ulong first = row_offsets[row];
    const ulong end = min(row_offsets[row + 1], first + RATINGS_AHEAD);
    for (ulong k = first; k < end; ++k)
        prefetch_fixed_row(fixed_factors, columns[k]);
}

// The sums of four vectors.
static inline float4 sums8(float8 s0, float8 s1, float8 s2, float8 s3)
{
    const float8 p = (float8)(s0.even, s1.even) + (float8)(s0.odd, s1.odd);
    const float8 q = (float8)(s2.even, s3.even) + (float8)(s2.odd, s3.odd);
    const float8 r = (float8)(p.even, q.even) + (float8)(p.odd, q.odd);
    return r.even + r.odd;
}

// row[0 ..< 8] becomes c if it is the first sum there, or grows by it.
static inline void put8(float8 c, int is_first, __global float* row, size_t i)
{
    store8(is_first ? c : load8(row, i) + c, row, i);
}

// a[i..i+3][j..j+15] += sum over the panel's n rows of y[i..i+3]' y[j..j+15]
static inline void add_tile_4x16(
    __global const float* restrict panel, uint n, uint i, uint j, __global float* restrict a, int is_first)
{
    float8 c00 = 0.0f, c01 = 0.0f, c10 = 0.0f, c11 = 0.0f, c20 = 0.0f, c21 = 0.0f, c30 = 0.0f, c31 = 0.0f;
    for (uint k = 0; k < n; ++k) {
        __global const float* y = panel + k * LDA;
        const float8 b0 = load8(y + j, 0);
        const float8 b1 = load8(y + j, 1);
        c00 += y[i] * b0;
        c01 += y[i] * b1;
        c10 += y[i + 1] * b0;
        c11 += y[i + 1] * b1;
        c20 += y[i + 2] * b0;
        c21 += y[i + 2] * b1;
        c30 += y[i + 3] * b0;
        c31 += y[i + 3] * b1;
    }
    __global float* row = a + i * LDA + j;
    put8(c00, is_first, row, 0);
    put8(c01, is_first, row, 1);
    put8(c10, is_first, row + LDA, 0);
    put8(c11, is_first, row + LDA, 1);
    put8(c20, is_first, row + 2 * LDA, 0);
    put8(c21, is_first, row + 2 * LDA, 1);
    put8(c30, is_first, row + 3 * LDA, 0);
    put8(c31, is_first, row + 3 * LDA, 1);
}

// a[i..i+3][j..j+7] += sum over the panel's n rows of y[i..i+3]' y[j..j+7], n even. Two sets of sums, for one alone would wait
// for its own additions; and four rows, for with eight the compiler shuffles what it should broadcast from memory.
static inline void add_tile_4x8(
    __global const float* restrict panel, uint n, uint i, uint j, __global float* restrict a, int is_first)
{
    float8 c0 = 0.0f, c1 = 0.0f, c2 = 0.0f, c3 = 0.0f, d0 = 0.0f, d1 = 0.0f, d2 = 0.0f, d3 = 0.0f;
    for (uint k = 0; k < n; k += 2) {
        __global const float* y = panel + k * LDA;
        __global const float* w = y + LDA;
        const float8 b = load8(y + j, 0);
        const float8 e = load8(w + j, 0);
        c0 += y[i] * b;
        c1 += y[i + 1] * b;
        c2 += y[i + 2] * b;
        c3 += y[i + 3] * b;
        d0 += w[i] * e;
        d1 += w[i + 1] * e;
        d2 += w[i + 2] * e;
        d3 += w[i + 3] * e;
    }
    __global float* row = a + i * LDA + j;
    put8(c0 + d0, is_first, row, 0);
    put8(c1 + d1, is_first, row + LDA, 0);
    put8(c2 + d2, is_first, row + 2 * LDA, 0);
    put8(c3 + d3, is_first, row + 3 * LDA, 0);
}

// Upper triangle of the leading order x order part of a += panel' panel, over n rows, n even, order a multiple of 8. Tiles on
// the diagonal also write below it, where nothing reads.
static inline void add_outer_products(
    __global const float* restrict panel, uint n, uint order, __global float* restrict a, int is_first)
{
    uint j = 0;
    for (; j + 16 <= order; j += 16) {
        for (uint i = 0; i < j + 8; i += 4)
            add_tile_4x16(panel, n, i, j, a, is_first);
        add_tile_4x8(panel, n, j + 8, j + 8, a, is_first);
        add_tile_4x8(panel, n, j + 12, j + 8, a, is_first);
    }
    if (j < order)
        for (uint i = 0; i < order; i += 4)
            add_tile_4x8(panel, n, i, j, a, is_first);
}

// The present four rows of a factorization, one vector of 8 columns of each, and what divides them: row r becomes
// (row r - sum over q < r of u_qr row q) * inverse_pivots[r]. The right side loses the four rows times their solutions z.
typedef struct {
    float u01, u02, u03, u12, u13, u23;
    float4 inverse_pivots, z;
} Pivots;

// The 4 x 4 corner of a factorization in scalars, from the upper triangle of what is left of its rows, and the solution of its part
// of U' z = b. By reciprocals of the pivots: with a square root for each, the chain that all waits for would be half as long again.
// False if a pivot is not above its limit.
static inline int factorize4(float4 g0, float4 g1, float4 g2, float4 g3, float4 limits, float4 b, Pivots* p)
{
    const float r0 = 1.0f / g0.x;
    const float l01 = g0.y * r0, l02 = g0.z * r0, l03 = g0.w * r0;
    const float p1 = g1.y - l01 * g0.y, q12 = g1.z - l01 * g0.z, q13 = g1.w - l01 * g0.w;
    const float r1 = 1.0f / p1;
    const float l12 = q12 * r1, l13 = q13 * r1;
    const float p2 = g2.z - l02 * g0.z - l12 * q12, q23 = g2.w - l02 * g0.w - l12 * q13;
    const float p3 = g3.w - l03 * g0.w - l13 * q13 - q23 / p2 * q23;
    const float4 pivots = (float4)(g0.x, p1, p2, p3);
    // Written so that a NaN fails too.
    if (!all(pivots > limits))
        return 0;
    const float4 inverses = 1.0f / sqrt(pivots);
    p->inverse_pivots = inverses;
    p->u01 = g0.y * inverses.x;
    p->u02 = g0.z * inverses.x;
    p->u03 = g0.w * inverses.x;
    p->u12 = q12 * inverses.y;
    p->u13 = q13 * inverses.y;
    p->u23 = q23 * inverses.z;
    p->z.x = b.x * inverses.x;
    p->z.y = (b.y - p->u01 * p->z.x) * inverses.y;
    p->z.z = (b.z - p->u02 * p->z.x - p->u12 * p->z.y) * inverses.z;
    p->z.w = (b.w - p->u03 * p->z.x - p->u13 * p->z.y - p->u23 * p->z.z) * inverses.w;
    return 1;
}

static inline void finish_rows(
    const Pivots p, float8 c0, float8 c1, float8 c2, float8 c3, __global float* row, __global float* right_side)
{
    const float8 x0 = c0 * p.inverse_pivots.x;
    const float8 x1 = (c1 - p.u01 * x0) * p.inverse_pivots.y;
    const float8 x2 = (c2 - p.u02 * x0 - p.u12 * x1) * p.inverse_pivots.z;
    const float8 x3 = (c3 - p.u03 * x0 - p.u13 * x1 - p.u23 * x2) * p.inverse_pivots.w;
    store8(x0, row, 0);
    store8(x1, row + LDA, 0);
    store8(x2, row + 2 * LDA, 0);
    store8(x3, row + 3 * LDA, 0);
    store8(load8(right_side, 0) - p.z.x * x0 - p.z.y * x1 - p.z.z * x2 - p.z.w * x3, right_side, 0);
}

// c = a[i..i+3][j..j+7] - sum over k < i of a[k][i..i+3]' a[k][j..j+7], with two sets of sums as in add_tile_4x8.
static inline void remaining_4x8(
    __global const float* a, uint i, uint j, float8* c0, float8* c1, float8* c2, float8* c3)
{
    __global const float* row = a + i * LDA + j;
    *c0 = load8(row, 0);
    *c1 = load8(row + LDA, 0);
    *c2 = load8(row + 2 * LDA, 0);
    *c3 = load8(row + 3 * LDA, 0);
    float8 d0 = 0.0f, d1 = 0.0f, d2 = 0.0f, d3 = 0.0f;
    for (uint k = 0; k < i; k += 2) {
        __global const float* u = a + k * LDA;
        __global const float* v = u + LDA;
        const float8 b = load8(u + j, 0);
        const float8 e = load8(v + j, 0);
        *c0 -= u[i] * b;
        *c1 -= u[i + 1] * b;
        *c2 -= u[i + 2] * b;
        *c3 -= u[i + 3] * b;
        d0 -= v[i] * e;
        d1 -= v[i + 1] * e;
        d2 -= v[i + 2] * e;
        d3 -= v[i + 3] * e;
    }
    *c0 += d0;
    *c1 += d1;
    *c2 += d2;
    *c3 += d3;
}

// A = U'U, left-looking, four rows at a time: U takes the place of the upper triangle, the solution of U' z = b that of the right
// side, and `inverse_pivots` the reciprocals of U's diagonal. Returns `order`, or the first index of a block of four with a
// pivot that is not positive; `diagonal` holds A's diagonal.
static inline uint factorize(
    __global float* a, uint order, __global const float* diagonal, float tolerance, __global float* inverse_pivots,
    __global float* right_side)
{
    for (uint i = 0; i < order; i += 4) {
        __global float* row = a + i * LDA;
        uint j = i & ~7u;
        float8 c0, c1, c2, c3;
        remaining_4x8(a, i, j, &c0, &c1, &c2, &c3);

        const float4 g0 = i & 4 ? c0.hi : c0.lo, g1 = i & 4 ? c1.hi : c1.lo;
        const float4 g2 = i & 4 ? c2.hi : c2.lo, g3 = i & 4 ? c3.hi : c3.lo;
        Pivots p;
        if (!factorize4(g0, g1, g2, g3, tolerance * vload4(0, diagonal + i), vload4(0, right_side + i), &p))
            return i;
        vstore4(p.inverse_pivots, 0, inverse_pivots + i);

        // In the first vector, finish_rows also overwrites elements of z that are final: they are put back.
        const float4 before = vload4(0, right_side + j);
        finish_rows(p, c0, c1, c2, c3, row + j, right_side + j);
        if (i & 4)
            vstore4(before, 0, right_side + j);
        vstore4(p.z, 0, right_side + i);
        j += 8;
        if ((order - j) & 8) {
            remaining_4x8(a, i, j, &c0, &c1, &c2, &c3);
            finish_rows(p, c0, c1, c2, c3, row + j, right_side + j);
            j += 8;
        }
        for (; j < order; j += 16) {
            __global float* t = row + j;
            float8 c00 = load8(t, 0), c01 = load8(t, 1), c10 = load8(t + LDA, 0), c11 = load8(t + LDA, 1);
            float8 c20 = load8(t + 2 * LDA, 0), c21 = load8(t + 2 * LDA, 1);
            float8 c30 = load8(t + 3 * LDA, 0), c31 = load8(t + 3 * LDA, 1);
            for (uint k = 0; k < i; ++k) {
                __global const float* u = a + k * LDA;
                const float8 b0 = load8(u + j, 0);
                const float8 b1 = load8(u + j, 1);
                c00 -= u[i] * b0;
                c01 -= u[i] * b1;
                c10 -= u[i + 1] * b0;
                c11 -= u[i + 1] * b1;
                c20 -= u[i + 2] * b0;
                c21 -= u[i + 2] * b1;
                c30 -= u[i + 3] * b0;
                c31 -= u[i + 3] * b1;
            }
            finish_rows(p, c00, c10, c20, c30, t, right_side + j);
            finish_rows(p, c01, c11, c21, c31, t + 8, right_side + j + 8);
        }
    }
    return order;
}

// Solves U x = z, eight rows at a time. The newest eight solutions stay in registers: read back from memory they would hold
// up the next rows.
static inline void back_substitute(
    __global const float* restrict a, uint order, __global const float* restrict inverse_pivots,
    __global const float* restrict z, __global float* restrict x)
{
    float8 newest = 0.0f;
    for (uint i = order; i > 0;) {
        i -= 8;
        __global const float* row = a + i * LDA;
        float8 s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f, s4 = 0.0f, s5 = 0.0f, s6 = 0.0f, s7 = 0.0f;
        // s_r += U[i + r][j..j+7] x[j..j+7]
#define ADD(j, v) \
    s0 += load8(row + (j), 0) * (v); \
    s1 += load8(row + LDA + (j), 0) * (v); \
    s2 += load8(row + 2 * LDA + (j), 0) * (v); \
    s3 += load8(row + 3 * LDA + (j), 0) * (v); \
    s4 += load8(row + 4 * LDA + (j), 0) * (v); \
    s5 += load8(row + 5 * LDA + (j), 0) * (v); \
    s6 += load8(row + 6 * LDA + (j), 0) * (v); \
    s7 += load8(row + 7 * LDA + (j), 0) * (v)
        for (uint j = i + 16; j < order; j += 8) {
            const float8 older = load8(x + j, 0);
            ADD(j, older);
        }
        if (i + 8 < order) {
            ADD(i + 8, newest);
        }
#undef ADD
        const float8 b = load8(z + i, 0) - (float8)(sums8(s0, s1, s2, s3), sums8(s4, s5, s6, s7));
        const float8 r = load8(inverse_pivots + i, 0);
        // u(r, q) is the element of U at row i + r, column i + q.
#define U(r, q) row[r * LDA + i + q]
        const float x7 = b.s7 * r.s7;
        const float x6 = (b.s6 - U(6, 7) * x7) * r.s6;
        const float x5 = (b.s5 - U(5, 7) * x7 - U(5, 6) * x6) * r.s5;
        const float x4 = (b.s4 - U(4, 7) * x7 - U(4, 6) * x6 - U(4, 5) * x5) * r.s4;
        const float x3 = (b.s3 - U(3, 7) * x7 - U(3, 6) * x6 - U(3, 5) * x5 - U(3, 4) * x4) * r.s3;
        const float x2 = (b.s2 - U(2, 7) * x7 - U(2, 6) * x6 - U(2, 5) * x5 - U(2, 4) * x4 - U(2, 3) * x3) * r.s2;
        const float x1 =
            (b.s1 - U(1, 7) * x7 - U(1, 6) * x6 - U(1, 5) * x5 - U(1, 4) * x4 - U(1, 3) * x3 - U(1, 2) * x2) * r.s1;
        const float x0 = (b.s0 - U(0, 7) * x7 - U(0, 6) * x6 - U(0, 5) * x5 - U(0, 4) * x4 - U(0, 3) * x3 - U(0, 2) * x2
                             - U(0, 1) * x1) * r.s0;
#undef U
        newest = (float8)(x0, x1, x2, x3, x4, x5, x6, x7);
        store8(newest, x + i, 0);
    }
}
