// What the GPU kernels share: the upper triangle of a symmetric ORDER x ORDER matrix cut into TILE x TILE tiles, numbered row by
// row, one of them in the registers of each work-item; rows of ORDER floats in local memory that the tiles are made from; and
// the Cholesky factorization. KernelSource puts it between common.cl and each gpu_*.cl.
//
// A team of TILE_COUNT work-items owns a matrix; a work-group has room for TEAMS of them.
//
// Defines: those of common.cl, and
//   TILE             rows and columns of a tile: 4 or 8; divides ORDER
//   ORDER            rows and columns of the matrix; STRIDE unless told
//   WORK_GROUP_SIZE  work-items of a work-group
//   SUM_ROWS         factor rows that are added up in one accumulator before it is flushed: bounds the rounding error
//   UNROLL_TILES     1: the loops over a tile are unrolled, without which a tile is memory and not registers
// A note for who changes these kernels: pocl 3.x silently miscompiles loops that BEGIN with a barrier, so every barrier here
// stands behind the work that it closes. It also miscompiles these kernels with `#pragma unroll` on the loops over a tile (seen
// with pocl 3.1), so it is for GPUs alone. Loops over a tile have constant bounds and conditions inside: compilers unroll the
// inner loop first, and a bound that the outer loop sets would keep them from it.
#ifndef TILE
#define TILE 8
#endif
#ifndef ORDER
#define ORDER STRIDE
#endif
#ifndef WORK_GROUP_SIZE
#define WORK_GROUP_SIZE 64
#endif
#ifndef SUM_ROWS
#define SUM_ROWS 2048
#endif
#ifndef UNROLL_TILES
#define UNROLL_TILES 0
#endif
#if UNROLL_TILES
#define UNROLL _Pragma("unroll")
#else
#define UNROLL
#endif
// A function that is called, and not copied into its caller, would take its tile through memory.
#define TILE_FUNCTION static inline __attribute__((always_inline))

// Tiles along a side of the matrix, and in its upper triangle.
#define TILES_PER_SIDE (ORDER / TILE)
#define TILE_COUNT (TILES_PER_SIDE * (TILES_PER_SIDE + 1) / 2)
#define TILE_FLOATS (TILE * TILE)
#if WORK_GROUP_SIZE >= 2 * TILE_COUNT
#define TEAMS (WORK_GROUP_SIZE / TILE_COUNT)
#else
#define TEAMS 1
#endif
// Local memory of a team's elimination: TILE rows of U and the tile on the diagonal.
#define ELIMINATION_FLOATS (TILE * ORDER + TILE_FLOATS)
#define LARGER(a, b) ((a) > (b) ? (a) : (b))

// Row and column of tile t of an upper triangle with `side` tiles along a side.
TILE_FUNCTION uint2 tile_position(uint t, uint side)
{
    uint i = 0;
    while (t >= side - i) {
        t -= side - i;
        ++i;
    }
    return (uint2)(i, i + t);
}

// Number of the tile at row i, column j >= i.
TILE_FUNCTION uint tile_number(uint i, uint j)
{
    return i * TILES_PER_SIDE - i * (i + 1) / 2 + j;
}

// Where the four elements from 4 * quad on stand in a row in local memory, in fours. First come the first four elements of all
// strips of TILE, then the second four: so the work-items of a warp, which read strips side by side, meet no bank twice.
TILE_FUNCTION uint quad_place(uint quad)
{
    return quad % (TILE / 4) * TILES_PER_SIDE + quad / (TILE / 4);
}

// Where element i of a row in local memory stands.
TILE_FUNCTION uint element_place(uint i)
{
    return 4 * quad_place(i / 4) + i % 4;
}

// Copies strip i of a row in local memory to registers.
TILE_FUNCTION void load_strip(const __local float* row, uint i, float* strip)
{
    UNROLL
    for (uint h = 0; h < TILE / 4; ++h) {
        const float4 v = vload4(h * TILES_PER_SIDE + i, row);
        strip[4 * h] = v.x;
        strip[4 * h + 1] = v.y;
        strip[4 * h + 2] = v.z;
        strip[4 * h + 3] = v.w;
    }
}

// tile += the Gramian's, and the regularization on the diagonal, where padding gets 1: what completes A of a whole row.
TILE_FUNCTION void complete_tile(float* tile, uint2 position, float lambda, __global const float* restrict gramian)
{
    if (IMPLICIT)
        UNROLL
        for (uint r = 0; r < TILE; ++r)
            UNROLL
            for (uint q = 0; q < TILE; ++q)
                tile[r * TILE + q] += gramian[(position.x * TILE + r) * STRIDE + position.y * TILE + q];
    if (position.x == position.y)
        UNROLL
        for (uint r = 0; r < TILE; ++r)
            tile[r * TILE + r] += position.x * TILE + r < RANK ? lambda : 1.0f;
}

// tile := 0
TILE_FUNCTION void clear_tile(float* tile)
{
    UNROLL
    for (uint k = 0; k < TILE_FLOATS; ++k)
        tile[k] = 0.0f;
}

// Adds y[i]' y[j] to a tile in registers, with y a row in local memory.
TILE_FUNCTION void add_outer_product(const __local float* y, uint2 position, float* tile)
{
    float a[TILE], b[TILE];
    load_strip(y, position.x, a);
    load_strip(y, position.y, b);
    UNROLL
    for (uint r = 0; r < TILE; ++r)
        UNROLL
        for (uint q = 0; q < TILE; ++q)
            tile[r * TILE + q] += a[r] * b[q];
}

// tile -= panel[.][i]' panel[.][j] over the TILE rows of U of an elimination step.
TILE_FUNCTION void subtract_product(const __local float* panel, uint2 position, float* tile)
{
    for (uint k = 0; k < TILE; ++k) {
        float a[TILE], b[TILE];
        load_strip(panel + k * ORDER, position.x, a);
        load_strip(panel + k * ORDER, position.y, b);
        UNROLL
        for (uint r = 0; r < TILE; ++r)
            UNROLL
            for (uint q = 0; q < TILE; ++q)
                tile[r * TILE + q] -= a[r] * b[q];
    }
}

// right_side[i] -= panel[.][i]' z of an elimination step, for the strip that belongs to the tile on the diagonal.
TILE_FUNCTION void subtract_from_right_side(const __local float* panel, uint i, const __local float* z, __local float* strip)
{
    for (uint k = 0; k < TILE; ++k) {
        float a[TILE];
        load_strip(panel + k * ORDER, i, a);
        UNROLL
        for (uint r = 0; r < TILE; ++r)
            strip[r] -= a[r] * z[k];
    }
}

// Cholesky of a tile on the diagonal, in registers: tile = U'U, with the reciprocals of the pivots on the diagonal; a copy goes
// to `pivot_tile`. On the way, solves U' z = b for the tile's strip of the right side. `diagonal` has the diagonal elements from
// before the elimination began. Returns TILE, or the index of a pivot that is not positive.
TILE_FUNCTION uint factorize_tile(
    float* tile, const __local float* diagonal, float tolerance, __local float* pivot_tile, __local float* right_side)
{
    uint solved = TILE;
    UNROLL
    for (uint r = 0; r < TILE; ++r) {
        const float pivot = tile[r * TILE + r];
        // Written so that a NaN fails too.
        if (!(pivot > tolerance * diagonal[r]) && solved == TILE)
            solved = r;
        const float inverse = rsqrt(pivot);
        float z = right_side[r];
        UNROLL
        for (uint q = 0; q < TILE; ++q) {
            if (q < r)
                z -= tile[q * TILE + r] * right_side[q];
            if (q > r)
                tile[r * TILE + q] *= inverse;
        }
        right_side[r] = z * inverse;
        tile[r * TILE + r] = inverse;
        UNROLL
        for (uint p = 0; p < TILE; ++p)
            UNROLL
            for (uint q = 0; q < TILE; ++q)
                if (p > r && q >= p)
                    tile[p * TILE + q] -= tile[r * TILE + p] * tile[r * TILE + q];
    }
    UNROLL
    for (uint k = 0; k < TILE_FLOATS; ++k)
        pivot_tile[k] = tile[k];
    return solved;
}

// tile := inverse(U') tile, with U the factored tile on the diagonal. The result is also written to rows 0 ..< TILE of U in
// `panel`, as their strip j.
TILE_FUNCTION void solve_tile(float* tile, const __local float* pivot_tile, uint j, __local float* panel)
{
    UNROLL
    for (uint r = 0; r < TILE; ++r) {
        UNROLL
        for (uint q = 0; q < TILE; ++q)
            tile[r * TILE + q] *= pivot_tile[r * TILE + r];
        UNROLL
        for (uint p = 0; p < TILE; ++p)
            UNROLL
            for (uint q = 0; q < TILE; ++q)
                if (p > r)
                    tile[p * TILE + q] -= pivot_tile[r * TILE + p] * tile[r * TILE + q];
        UNROLL
        for (uint h = 0; h < TILE / 4; ++h)
            vstore4((float4)(tile[r * TILE + 4 * h], tile[r * TILE + 4 * h + 1], tile[r * TILE + 4 * h + 2],
                             tile[r * TILE + 4 * h + 3]),
                    h * TILES_PER_SIDE + j, panel + r * ORDER);
    }
}

// Solves U x = z for one factored tile on the diagonal, in place.
TILE_FUNCTION void back_substitute_tile(const float* tile, __local float* right_side)
{
    UNROLL
    for (uint step = 0; step < TILE; ++step) {
        const uint r = TILE - 1 - step;
        float z = right_side[r];
        UNROLL
        for (uint q = 0; q < TILE; ++q)
            if (q > r)
                z -= tile[r * TILE + q] * right_side[q];
        right_side[r] = z * tile[r * TILE + r];
    }
}

// strip -= tile x, for a tile above the diagonal.
TILE_FUNCTION void subtract_tile_product(const float* tile, const __local float* x, __local float* strip)
{
    UNROLL
    for (uint r = 0; r < TILE; ++r) {
        float sum = strip[r];
        UNROLL
        for (uint q = 0; q < TILE; ++q)
            sum -= tile[r * TILE + q] * x[q];
        strip[r] = sum;
    }
}

// Factors a team's matrix, whose tiles are in registers, and solves for the right side in place. All work-items call it; those
// with is_owner = 0 only keep the barriers. `work` has ELIMINATION_FLOATS, `diagonal` takes the matrix's diagonal, and `failed`,
// which is -1 before, the first pivot that is not positive.
TILE_FUNCTION void solve_registers(
    float* tile, float tolerance, uint2 position, int is_owner, __local float* work, __local float* diagonal,
    __local float* right_side, __local int* failed)
{
    __local float* panel = work;
    __local float* pivot_tile = work + TILE * ORDER;
    const int on_diagonal = is_owner && position.x == position.y;
    if (on_diagonal)
        UNROLL
        for (uint r = 0; r < TILE; ++r)
            diagonal[position.x * TILE + r] = tile[r * TILE + r];
    // Whoever owns the next tile on the diagonal factors it as soon as it is complete, while others still subtract.
    if (on_diagonal && position.x == 0) {
        const uint solved = factorize_tile(tile, diagonal, tolerance, pivot_tile, right_side);
        if (solved < TILE)
            *failed = solved;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint s = 0; s + 1 < TILES_PER_SIDE; ++s) {
        if (is_owner && position.x == s && position.y > s)
            solve_tile(tile, pivot_tile, position.y, panel);
        barrier(CLK_LOCAL_MEM_FENCE);
        if (is_owner && position.x > s) {
            subtract_product(panel, position, tile);
            if (on_diagonal)
                subtract_from_right_side(panel, position.x, right_side + s * TILE, right_side + position.x * TILE);
        }
        if (on_diagonal && position.x == s + 1) {
            const uint first = position.x * TILE;
            const uint solved = factorize_tile(tile, diagonal + first, tolerance, pivot_tile, right_side + first);
            if (solved < TILE && *failed < 0)
                *failed = first + solved;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (uint step = 0; step < TILES_PER_SIDE; ++step) {
        const uint s = TILES_PER_SIDE - 1 - step;
        if (on_diagonal && position.x == s)
            back_substitute_tile(tile, right_side + s * TILE);
        barrier(CLK_LOCAL_MEM_FENCE);
        if (is_owner && position.y == s && position.x < s)
            subtract_tile_product(tile, right_side + s * TILE, right_side + position.x * TILE);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
}

// Whether all of the right side is zero: then so is the solution, whatever the matrix.
TILE_FUNCTION int is_zero(const __local float* right_side)
{
    int zero = 1;
    for (uint k = 0; k < ORDER; ++k)
        zero &= right_side[k] == 0.0f;
    return zero;
}
