// Half-step of alternating least squares, shaped for GPUs, for ranks whose triangle of tiles fits a work-group.
//
// A work-group computes one chunk of a row's ratings: all of a row, or a part of a long one. Each work-item owns one tile of
// the upper triangle of A in registers, from the first rating to the last step of the Cholesky factorization; where a
// work-group has more work-items than tiles, several groups of them share the ratings and are added up at the end.
// The parts of a long row go to memory and are added up in a fixed order by gpu_register_tiles_long_rows.
//
// Defines: those of gpu_tiles.cl; WORK_GROUP_SIZE is at least TILE_COUNT.
// Numerics: 32-bit. Within 1e-4 of ALSReference (relative Frobenius norm of the factors after five iterations at rank 64).

// Groups of work-items that share the ratings of a chunk.
#define RATING_GROUPS (WORK_GROUP_SIZE / TILE_COUNT)
// Local memory serves the staged ratings, then the sum over rating groups, then the elimination; the largest counts.
#define STAGING_FLOATS (PANEL_ROWS * STRIDE)
#define REDUCTION_FLOATS ((RATING_GROUPS - 1) * (TILE_COUNT * TILE_FLOATS + STRIDE))
#define ELIMINATION_FLOATS (TILE * STRIDE + TILE_FLOATS)
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define LOCAL_FLOATS LARGER(STAGING_FLOATS, LARGER(REDUCTION_FLOATS, ELIMINATION_FLOATS))

// Factors the matrix whose tiles are in registers and solves for the right side, in place. All work-items call it; those
// with is_owner = 0 only keep the barriers.
static inline void solve_registers(
    float* tile, const float* diagonal, float tolerance, uint2 position, int is_owner, __local float* work,
    __local float* right_side, __local int* failed)
{
    __local float* panel = work;
    __local float* pivot_tile = work + TILE * STRIDE;
    float inverse_pivots[TILE];
    for (uint s = 0; s < TILES_PER_SIDE; ++s) {
        if (is_owner && position.x == s && position.y == s) {
            const uint solved = factorize_tile(tile, diagonal, tolerance, inverse_pivots, right_side + s * TILE);
            if (solved < TILE && *failed < 0)
                *failed = s * TILE + solved;
            for (uint r = 0; r < TILE; ++r)
                for (uint q = r; q < TILE; ++q)
                    pivot_tile[r * TILE + q] = q == r ? inverse_pivots[r] : tile[r * TILE + q];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        if (is_owner && position.x == s && position.y > s)
            solve_tile(tile, pivot_tile, panel + position.y * TILE);
        barrier(CLK_LOCAL_MEM_FENCE);
        if (is_owner && position.x > s) {
            subtract_product(panel, position, tile);
            if (position.x == position.y)
                subtract_from_right_side(panel, position.x, right_side + s * TILE, right_side);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (uint step = 0; step < TILES_PER_SIDE; ++step) {
        const uint s = TILES_PER_SIDE - 1 - step;
        if (is_owner && position.x == s && position.y == s)
            back_substitute_tile(tile, inverse_pivots, right_side + s * TILE);
        barrier(CLK_LOCAL_MEM_FENCE);
        if (is_owner && position.y == s && position.x < s)
            for (uint r = 0; r < TILE; ++r)
                for (uint q = 0; q < TILE; ++q)
                    right_side[position.x * TILE + r] -= tile[r * TILE + q] * right_side[s * TILE + q];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
}

// Completes A with the Gramian and the regularization, solves, and writes the row's factors. `tile` holds the sum over the
// row's ratings, `right_side` b.
static inline void finish_row(
    float* tile, uint2 position, int is_owner, int row, __global const float* restrict regularization,
    __global const float* restrict gramian, __local float* work, __local float* right_side, __local int* failed,
    __global float* restrict factors, __global int* status)
{
    float diagonal[TILE];
    const float lambda = regularization[row];
    if (get_local_id(0) == 0)
        *failed = -1;
    if (IMPLICIT && is_owner)
        for (uint r = 0; r < TILE; ++r)
            for (uint q = 0; q < TILE; ++q)
                tile[r * TILE + q] += gramian[(position.x * TILE + r) * STRIDE + position.y * TILE + q];
    if (is_owner && position.x == position.y)
        for (uint r = 0; r < TILE; ++r) {
            tile[r * TILE + r] += position.x * TILE + r < RANK ? lambda : 1.0f;
            diagonal[r] = tile[r * TILE + r];
        }
    const int zero = is_zero(right_side);
    barrier(CLK_LOCAL_MEM_FENCE);
    solve_registers(tile, diagonal, pivot_tolerance(lambda), position, is_owner, work, right_side, failed);
    const int failed_index = zero ? -1 : *failed;
    // Compared one by one: an index that is known only at run time would push the registers to memory.
    if (failed_index >= 0 && is_owner && position.x == position.y)
        for (uint r = 0; r < TILE; ++r)
            if (position.x * TILE + r == (uint)failed_index)
                report_failure(status, row, diagonal[r]);
    write_solution(right_side, zero || failed_index >= 0, row, factors, status);
}

// Launch: one work-group of WORK_GROUP_SIZE for each chunk.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_register_tiles_half_step(
    __global const uint4* restrict chunks,         // work-groups: row, first entry within the row / chunk_length, partial slot
                                                   // + 1 (0: the chunk is the whole row), unused
    const uint chunk_length,                       // ratings in a chunk of a long row
    __global const ulong* restrict row_offsets,    // rows + 1
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    __global const float* restrict fixed_factors,  // columns x STRIDE
    __global float* restrict factors,              // rows x STRIDE, written
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    const float alpha,
    __global float* restrict partial_tiles,        // slots x TILE_FLOATS x TILE_COUNT, written for parts of long rows
    __global float* restrict partial_right_sides,  // slots x STRIDE, likewise
    __global int* status)                          // 2: see common.cl
{
    __local __attribute__((aligned(16))) float work[LOCAL_FLOATS];
    __local float gramian_weights[PANEL_ROWS], right_side_weights[PANEL_ROWS], right_side[STRIDE];
    __local int failed;

    const uint local_id = get_local_id(0);
    const uint rating_group = local_id / TILE_COUNT;
    const uint t = local_id % TILE_COUNT;
    const uint2 position = tile_position(t, TILES_PER_SIDE);
    const int on_diagonal = position.x == position.y;
    const uint4 chunk = chunks[get_group_id(0)];
    const int row = (int)chunk.x;
    const int is_part = chunk.z > 0;
    const ulong row_end = row_offsets[row + 1];
    const ulong first = row_offsets[row] + (ulong)chunk.y * chunk_length;
    const ulong end = is_part ? min(row_end, first + chunk_length) : row_end;

    float tile[TILE_FLOATS], strip[TILE];
    for (uint k = 0; k < TILE_FLOATS; ++k)
        tile[k] = 0.0f;
    for (uint k = 0; k < TILE; ++k)
        strip[k] = 0.0f;

    for (ulong start = first; start < end; start += PANEL_ROWS) {
        const uint n = (uint)min((ulong)PANEL_ROWS, end - start);
        stage_ratings(columns, ratings, fixed_factors, alpha, start, n, work, gramian_weights, right_side_weights);
        barrier(CLK_LOCAL_MEM_FENCE);
        if (rating_group < RATING_GROUPS)
            for (uint k = rating_group; k < n; k += RATING_GROUPS) {
                const __local float* y = work + k * STRIDE;
                add_outer_product(y, position, gramian_weights[k], tile);
                if (on_diagonal)
                    for (uint r = 0; r < TILE; ++r)
                        strip[r] += right_side_weights[k] * y[position.x * TILE + r];
            }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

    // Sum over the rating groups: all but the first put theirs down behind one barrier, the first adds them up in order.
    if (rating_group > 0 && rating_group < RATING_GROUPS) {
        __local float* mine = work + (rating_group - 1) * (TILE_COUNT * TILE_FLOATS + STRIDE);
        for (uint k = 0; k < TILE_FLOATS; ++k)
            mine[k * TILE_COUNT + t] = tile[k];
        if (on_diagonal)
            for (uint r = 0; r < TILE; ++r)
                mine[TILE_COUNT * TILE_FLOATS + position.x * TILE + r] = strip[r];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (rating_group == 0) {
        for (uint g = 0; g + 1 < RATING_GROUPS; ++g) {
            const __local float* other = work + g * (TILE_COUNT * TILE_FLOATS + STRIDE);
            for (uint k = 0; k < TILE_FLOATS; ++k)
                tile[k] += other[k * TILE_COUNT + t];
            if (on_diagonal)
                for (uint r = 0; r < TILE; ++r)
                    strip[r] += other[TILE_COUNT * TILE_FLOATS + position.x * TILE + r];
        }
        if (on_diagonal)
            for (uint r = 0; r < TILE; ++r)
                right_side[position.x * TILE + r] = strip[r];
    }
    barrier(CLK_LOCAL_MEM_FENCE);

    if (is_part) {
        const size_t slot = chunk.z - 1;
        if (rating_group == 0)
            for (uint k = 0; k < TILE_FLOATS; ++k)
                partial_tiles[(slot * TILE_FLOATS + k) * TILE_COUNT + t] = tile[k];
        for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE)
            partial_right_sides[slot * STRIDE + k] = right_side[k];
    } else {
        finish_row(tile, position, rating_group == 0, row, regularization, gramian, work, right_side, &failed, factors,
                   status);
    }
}

// Adds up the parts of the long rows, in order, and solves them.
//
// Launch: one work-group of WORK_GROUP_SIZE for each long row.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_register_tiles_long_rows(
    __global const uint4* restrict long_rows,            // work-groups: row, first partial slot, number of slots, unused
    __global const float* restrict partial_tiles,        // slots x TILE_FLOATS x TILE_COUNT
    __global const float* restrict partial_right_sides,  // slots x STRIDE
    __global float* restrict factors,                    // rows x STRIDE, written
    __global const float* restrict regularization,       // rows: lambda n^nu
    __global const float* restrict gramian,              // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    __global int* status)                                // 2: see common.cl
{
    __local __attribute__((aligned(16))) float work[ELIMINATION_FLOATS];
    __local float right_side[STRIDE];
    __local int failed;

    const uint local_id = get_local_id(0);
    const uint t = local_id % TILE_COUNT;
    const int is_owner = local_id < TILE_COUNT;
    const uint2 position = tile_position(t, TILES_PER_SIDE);
    const uint4 long_row = long_rows[get_group_id(0)];

    float tile[TILE_FLOATS];
    for (uint k = 0; k < TILE_FLOATS; ++k)
        tile[k] = 0.0f;
    if (is_owner)
        for (size_t slot = long_row.y; slot < (size_t)long_row.y + long_row.z; ++slot)
            for (uint k = 0; k < TILE_FLOATS; ++k)
                tile[k] += partial_tiles[(slot * TILE_FLOATS + k) * TILE_COUNT + t];
    for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE) {
        float sum = 0.0f;
        for (size_t slot = long_row.y; slot < (size_t)long_row.y + long_row.z; ++slot)
            sum += partial_right_sides[slot * STRIDE + k];
        right_side[k] = sum;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    finish_row(tile, position, is_owner, (int)long_row.x, regularization, gramian, work, right_side, &failed, factors,
               status);
}
