// Half-step of alternating least squares, shaped for GPUs, for ranks whose matrix does not fit the registers of a work-group.
//
// A work-group computes one row. The tiles of A live in global memory; they are made WORK_GROUP_SIZE at a time, each pass
// over all ratings of the row, then factored by a right-looking blocked Cholesky whose current panel is in local memory.
//
// Defines: those of gpu_tiles.cl.
// Numerics: 32-bit. Tolerance as gpu_register_tiles.cl.

#define STAGING_FLOATS (PANEL_ROWS * STRIDE)
#define ELIMINATION_FLOATS (TILE * STRIDE + TILE_FLOATS)
#define LOCAL_FLOATS (STAGING_FLOATS > ELIMINATION_FLOATS ? STAGING_FLOATS : ELIMINATION_FLOATS)

static inline void load_tile(__global const float* matrix, uint number, float* tile)
{
    for (uint k = 0; k < TILE_FLOATS; k += 4) {
        const float4 v = vload4(0, matrix + (size_t)number * TILE_FLOATS + k);
        tile[k] = v.x;
        tile[k + 1] = v.y;
        tile[k + 2] = v.z;
        tile[k + 3] = v.w;
    }
}

static inline void store_tile(const float* tile, __global float* matrix, uint number)
{
    for (uint k = 0; k < TILE_FLOATS; k += 4)
        vstore4((float4)(tile[k], tile[k + 1], tile[k + 2], tile[k + 3]), 0, matrix + (size_t)number * TILE_FLOATS + k);
}

static inline void add_tile(const float* tile, __global float* matrix, uint number)
{
    float sum[TILE_FLOATS];
    load_tile(matrix, number, sum);
    for (uint k = 0; k < TILE_FLOATS; ++k)
        sum[k] += tile[k];
    store_tile(sum, matrix, number);
}

// Launch: one work-group of WORK_GROUP_SIZE for each of the rows row_order[first_position] and on.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_global_tiles_half_step(
    __global const int* restrict row_order,        // rows in the order in which they are taken
    const uint first_position,
    __global const ulong* restrict row_offsets,    // rows + 1
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    __global const float* restrict fixed_factors,  // columns x STRIDE
    __global float* restrict factors,              // rows x STRIDE, written
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    const float alpha,
    __global float* restrict matrices,             // work-groups x TILE_COUNT x TILE_FLOATS: scratch
    __global int* status)                          // 2: see common.cl
{
    __local __attribute__((aligned(16))) float work[LOCAL_FLOATS];
    __local float gramian_weights[PANEL_ROWS], right_side_weights[PANEL_ROWS];
    __local float right_side[STRIDE], diagonal[STRIDE], inverse_pivots[STRIDE];
    __local int failed;

    const uint local_id = get_local_id(0);
    const int row = row_order[first_position + get_group_id(0)];
    const ulong first = row_offsets[row], end = row_offsets[row + 1];
    __global float* a = matrices + get_group_id(0) * (size_t)(TILE_COUNT * TILE_FLOATS);
    float tile[TILE_FLOATS];

    if (local_id == 0)
        failed = -1;
    for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE)
        right_side[k] = 0.0f;
    barrier(CLK_LOCAL_MEM_FENCE);

    const float lambda = regularization[row];
    for (uint first_tile = 0; first_tile < TILE_COUNT; first_tile += WORK_GROUP_SIZE) {
        const uint t = first_tile + local_id;
        const int is_owner = t < TILE_COUNT;
        const uint2 position = tile_position(min(t, (uint)TILE_COUNT - 1), TILES_PER_SIDE);
        const int on_diagonal = is_owner && position.x == position.y;
        for (uint k = 0; k < TILE_FLOATS; ++k)
            tile[k] = 0.0f;
        if (is_owner) {
            if (IMPLICIT)
                for (uint r = 0; r < TILE; ++r)
                    for (uint q = 0; q < TILE; ++q)
                        tile[r * TILE + q] = gramian[(position.x * TILE + r) * STRIDE + position.y * TILE + q];
            store_tile(tile, a, t);
        }
        for (ulong block = first; block < end; block += SUM_ROWS) {
            const ulong block_end = min(end, block + SUM_ROWS);
            float strip[TILE];
            for (uint k = 0; k < TILE_FLOATS; ++k)
                tile[k] = 0.0f;
            for (uint k = 0; k < TILE; ++k)
                strip[k] = 0.0f;
            for (ulong start = block; start < block_end; start += PANEL_ROWS) {
                const uint n = (uint)min((ulong)PANEL_ROWS, block_end - start);
                stage_ratings(columns, ratings, fixed_factors, alpha, start, n, work, gramian_weights, right_side_weights);
                barrier(CLK_LOCAL_MEM_FENCE);
                if (is_owner)
                    for (uint k = 0; k < n; ++k) {
                        const __local float* y = work + k * STRIDE;
                        add_outer_product(y, position, gramian_weights[k], tile);
                        if (on_diagonal)
                            for (uint r = 0; r < TILE; ++r)
                                strip[r] += right_side_weights[k] * y[position.x * TILE + r];
                    }
                barrier(CLK_LOCAL_MEM_FENCE);
            }
            // The tile and its strip of the right side belong to this work-item alone.
            if (is_owner)
                add_tile(tile, a, t);
            if (on_diagonal)
                for (uint r = 0; r < TILE; ++r)
                    right_side[position.x * TILE + r] += strip[r];
        }
        if (on_diagonal) {
            load_tile(a, t, tile);
            for (uint r = 0; r < TILE; ++r) {
                const uint k = position.x * TILE + r;
                tile[r * TILE + r] += k < RANK ? lambda : 1.0f;
                diagonal[k] = tile[r * TILE + r];
            }
            store_tile(tile, a, t);
        }
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    }

    const int zero = is_zero(right_side);
    barrier(CLK_LOCAL_MEM_FENCE);
    __local float* panel = work;
    __local float* pivot_tile = work + TILE * STRIDE;
    for (uint s = 0; s < TILES_PER_SIDE; ++s) {
        if (local_id == 0) {
            float own_diagonal[TILE], own_inverses[TILE];
            for (uint r = 0; r < TILE; ++r)
                own_diagonal[r] = diagonal[s * TILE + r];
            load_tile(a, tile_number(s, s), tile);
            const uint solved = factorize_tile(tile, own_diagonal, pivot_tolerance(lambda), own_inverses,
                                               right_side + s * TILE);
            if (solved < TILE && failed < 0)
                failed = s * TILE + solved;
            store_tile(tile, a, tile_number(s, s));
            for (uint r = 0; r < TILE; ++r) {
                inverse_pivots[s * TILE + r] = own_inverses[r];
                for (uint q = r; q < TILE; ++q)
                    pivot_tile[r * TILE + q] = q == r ? own_inverses[r] : tile[r * TILE + q];
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint j = s + 1 + local_id; j < TILES_PER_SIDE; j += WORK_GROUP_SIZE) {
            load_tile(a, tile_number(s, j), tile);
            solve_tile(tile, pivot_tile, panel + j * TILE);
            store_tile(tile, a, tile_number(s, j));
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        const uint side_left = TILES_PER_SIDE - s - 1;
        for (uint t = local_id; t < side_left * (side_left + 1) / 2; t += WORK_GROUP_SIZE) {
            const uint2 position = tile_position(t, side_left) + s + 1;
            load_tile(a, tile_number(position.x, position.y), tile);
            subtract_product(panel, position, tile);
            store_tile(tile, a, tile_number(position.x, position.y));
            if (position.x == position.y)
                subtract_from_right_side(panel, position.x, right_side + s * TILE, right_side);
        }
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    }

    for (uint step = 0; step < TILES_PER_SIDE; ++step) {
        const uint s = TILES_PER_SIDE - 1 - step;
        if (local_id == 0) {
            float own_inverses[TILE];
            for (uint r = 0; r < TILE; ++r)
                own_inverses[r] = inverse_pivots[s * TILE + r];
            load_tile(a, tile_number(s, s), tile);
            back_substitute_tile(tile, own_inverses, right_side + s * TILE);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint i = local_id; i < s; i += WORK_GROUP_SIZE) {
            load_tile(a, tile_number(i, s), tile);
            for (uint r = 0; r < TILE; ++r)
                for (uint q = 0; q < TILE; ++q)
                    right_side[i * TILE + r] -= tile[r * TILE + q] * right_side[s * TILE + q];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

    const int failed_index = zero ? -1 : failed;
    if (failed_index >= 0 && local_id == 0)
        report_failure(status, row, diagonal[failed_index]);
    write_solution(right_side, zero || failed_index >= 0, row, factors, status);
}
