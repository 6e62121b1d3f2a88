// What the GPU kernels share: the upper triangle of a STRIDE x STRIDE matrix cut into TILE x TILE tiles, numbered row by row,
// and the staging of factor rows in local memory. KernelSource puts it between common.cl and each gpu_*.cl.
//
// Defines: those of common.cl, and
//   TILE             rows and columns of a tile: 4 or 8; divides STRIDE
//   WORK_GROUP_SIZE  work-items of a work-group
//   PANEL_ROWS       ratings staged in local memory at a time
//   SUM_ROWS         ratings that are added up in one accumulator before it is flushed: bounds the rounding error of long rows
// A note for who changes these kernels: pocl 3.x silently miscompiles loops that BEGIN with a barrier, so every barrier here
// stands behind the work that it closes, at the end of its loop. It also miscompiles these kernels with `#pragma unroll` on the
// loops over a tile (seen with pocl 3.1), so they are left to the compiler.
#ifndef TILE
#define TILE 8
#endif
#ifndef WORK_GROUP_SIZE
#define WORK_GROUP_SIZE 64
#endif
#ifndef PANEL_ROWS
#define PANEL_ROWS 16
#endif
#ifndef SUM_ROWS
#define SUM_ROWS 2048
#endif

// Tiles along a side of the matrix, and in its upper triangle.
#define TILES_PER_SIDE (STRIDE / TILE)
#define TILE_COUNT (TILES_PER_SIDE * (TILES_PER_SIDE + 1) / 2)
#define TILE_FLOATS (TILE * TILE)

// Row and column of tile t of an upper triangle with `side` tiles along a side.
static inline uint2 tile_position(uint t, uint side)
{
    uint i = 0;
    while (t >= side - i) {
        t -= side - i;
        ++i;
    }
    return (uint2)(i, i + t);
}

// Number of the tile at row i, column j >= i.
static inline uint tile_number(uint i, uint j)
{
    return i * TILES_PER_SIDE - i * (i + 1) / 2 + j;
}

// Copies TILE consecutive floats to registers.
static inline void load_strip(const __local float* source, float* strip)
{
    for (uint r = 0; r < TILE; r += 4) {
        const float4 v = vload4(0, source + r);
        strip[r] = v.x;
        strip[r + 1] = v.y;
        strip[r + 2] = v.z;
        strip[r + 3] = v.w;
    }
}

// Stages the factor rows of `n` ratings from `start` on, with the weights of each; all work-items take part. A barrier must
// follow.
static inline void stage_ratings(
    __global const int* restrict columns, __global const float* restrict ratings,
    __global const float* restrict fixed_factors, float alpha, ulong start, uint n,
    __local float* panel, __local float* gramian_weights, __local float* right_side_weights)
{
    for (uint k = get_local_id(0); k < n * (STRIDE / 4); k += WORK_GROUP_SIZE) {
        const uint row = k / (STRIDE / 4), quad = k % (STRIDE / 4);
        vstore4(load_fixed4(fixed_factors, (size_t)columns[start + row] * STRIDE + 4 * quad), k, panel);
    }
    for (uint k = get_local_id(0); k < n; k += WORK_GROUP_SIZE) {
        const float rating = ratings[start + k];
        gramian_weights[k] = gramian_weight(rating, alpha);
        right_side_weights[k] = right_side_weight(rating, alpha);
    }
}

// Adds weight * y[i]' y[j] to a tile in registers, with y a staged row.
static inline void add_outer_product(const __local float* y, uint2 position, float weight, float* tile)
{
    float a[TILE], b[TILE];
    load_strip(y + position.x * TILE, a);
    load_strip(y + position.y * TILE, b);
    for (uint r = 0; r < TILE; ++r) {
        const float scaled = IMPLICIT ? weight * a[r] : a[r];
        for (uint q = 0; q < TILE; ++q)
            tile[r * TILE + q] += scaled * b[q];
    }
}

// Cholesky of a tile on the diagonal, in registers: tile = U'U. On the way, solves U' z = b for the tile's part of the right
// side. `diagonal` holds the diagonal elements from before the elimination began. Returns TILE, or the index of a pivot
// that is not positive.
static inline uint factorize_tile(
    float* tile, const float* diagonal, float tolerance, float* inverse_pivots, __local float* right_side)
{
    uint solved = TILE;
    for (uint r = 0; r < TILE; ++r) {
        const float pivot = tile[r * TILE + r];
        // Written so that a NaN fails too.
        if (!(pivot > tolerance * diagonal[r]) && solved == TILE)
            solved = r;
        const float inverse = rsqrt(pivot);
        inverse_pivots[r] = inverse;
        for (uint q = r; q < TILE; ++q)
            tile[r * TILE + q] *= inverse;
        for (uint p = r + 1; p < TILE; ++p)
            for (uint q = p; q < TILE; ++q)
                tile[p * TILE + q] -= tile[r * TILE + p] * tile[r * TILE + q];
    }
    for (uint r = 0; r < TILE; ++r) {
        float z = right_side[r];
        for (uint q = 0; q < r; ++q)
            z -= tile[q * TILE + r] * right_side[q];
        right_side[r] = z * inverse_pivots[r];
    }
    return solved;
}

// Solves U x = z for one tile on the diagonal, in place.
static inline void back_substitute_tile(const float* tile, const float* inverse_pivots, __local float* right_side)
{
    for (uint r = TILE; r-- > 0;) {
        float z = right_side[r];
        for (uint q = r + 1; q < TILE; ++q)
            z -= tile[r * TILE + q] * right_side[q];
        right_side[r] = z * inverse_pivots[r];
    }
}

// tile := inverse(U') tile, with U the factored tile on the diagonal, given row by row in `pivot_tile` with the reciprocals
// of its pivots on the diagonal. The result is also written to `panel_tile`, whose rows are STRIDE floats apart.
static inline void solve_tile(float* tile, const __local float* pivot_tile, __local float* panel_tile)
{
    for (uint r = 0; r < TILE; ++r) {
        for (uint q = 0; q < TILE; ++q) {
            tile[r * TILE + q] *= pivot_tile[r * TILE + r];
            panel_tile[r * STRIDE + q] = tile[r * TILE + q];
        }
        for (uint p = r + 1; p < TILE; ++p)
            for (uint q = 0; q < TILE; ++q)
                tile[p * TILE + q] -= pivot_tile[r * TILE + p] * tile[r * TILE + q];
    }
}

// tile -= panel[.][i]' panel[.][j] over the TILE rows of the panel of the elimination step.
static inline void subtract_product(const __local float* panel, uint2 position, float* tile)
{
    for (uint k = 0; k < TILE; ++k) {
        float a[TILE], b[TILE];
        load_strip(panel + k * STRIDE + position.x * TILE, a);
        load_strip(panel + k * STRIDE + position.y * TILE, b);
        for (uint r = 0; r < TILE; ++r)
            for (uint q = 0; q < TILE; ++q)
                tile[r * TILE + q] -= a[r] * b[q];
    }
}

// right_side[i] -= panel[.][i]' z of the elimination step, for the strip of TILE elements that belongs to a diagonal tile.
static inline void subtract_from_right_side(const __local float* panel, uint i, const __local float* z, __local float* right_side)
{
    for (uint k = 0; k < TILE; ++k)
        for (uint r = 0; r < TILE; ++r)
            right_side[i * TILE + r] -= panel[k * STRIDE + i * TILE + r] * z[k];
}

// Whether all of the right side is zero: then so is the solution, whatever the matrix.
static inline int is_zero(const __local float* right_side)
{
    int zero = 1;
    for (uint k = 0; k < STRIDE; ++k)
        zero &= right_side[k] == 0.0f;
    return zero;
}

// Writes the factors of a row, which stand where the right side was; zeros where there is no solution or it is zero.
static inline void write_solution(
    const __local float* solution, int zero, int row, __global float* restrict factors, __global int* status)
{
    for (uint k = get_local_id(0); k < STRIDE; k += WORK_GROUP_SIZE) {
        const float value = zero ? 0.0f : solution[k];
        if (!isfinite(value))
            report_overflow(status, row);
        factors[(size_t)row * STRIDE + k] = value;
    }
}
