// Half-step of alternating least squares, shaped for GPUs, for ranks whose triangle of tiles is larger than a work-group.
//
// The tiles of A live in global memory, those of a row side by side so that neighbours read neighbours. BATCHES work-groups
// compute them for each chunk of a row's ratings; then one work-group for each row adds up its chunks in order, and solves by a
// right-looking blocked Cholesky whose present panel is in local memory.
//
// Defines: those of gpu_tiles.cl and nonnegative.cl, and
//   PANEL_ROWS  ratings staged in local memory at a time
// Numerics: 32-bit. Tolerance as gpu_register_tiles.cl.
#ifndef PANEL_ROWS
#define PANEL_ROWS 8
#endif

// Work-groups that cover the triangle.
#define BATCHES ((TILE_COUNT + WORK_GROUP_SIZE - 1) / WORK_GROUP_SIZE)
#define QUADS (STRIDE / 4)
#define QUADS_EACH ((QUADS + WORK_GROUP_SIZE - 1) / WORK_GROUP_SIZE)
#define MATRIX_FLOATS ((size_t)(TILE_COUNT * TILE_FLOATS))

TILE_FUNCTION void load_tile(__global const float* matrix, uint number, float* tile)
{
    UNROLL
    for (uint k = 0; k < TILE_FLOATS / 4; ++k) {
        const float4 v = vload4(k * TILE_COUNT + number, matrix);
        tile[4 * k] = v.x;
        tile[4 * k + 1] = v.y;
        tile[4 * k + 2] = v.z;
        tile[4 * k + 3] = v.w;
    }
}

TILE_FUNCTION void store_tile(const float* tile, __global float* matrix, uint number)
{
    UNROLL
    for (uint k = 0; k < TILE_FLOATS / 4; ++k)
        vstore4((float4)(tile[4 * k], tile[4 * k + 1], tile[4 * k + 2], tile[4 * k + 3]), k * TILE_COUNT + number, matrix);
}

// tile += a tile in global memory
TILE_FUNCTION void add_tile(__global const float* matrix, uint number, float* tile)
{
    UNROLL
    for (uint k = 0; k < TILE_FLOATS / 4; ++k) {
        const float4 v = vload4(k * TILE_COUNT + number, matrix);
        tile[4 * k] += v.x;
        tile[4 * k + 1] += v.y;
        tile[4 * k + 2] += v.z;
        tile[4 * k + 3] += v.w;
    }
}

// Launch: BATCHES work-groups of WORK_GROUP_SIZE for each of the chunks from first_chunk on.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_global_tiles_accumulate(
    __global const uint4* restrict chunks,         // row, first rating within the row, number of ratings, slot
    const uint first_chunk,
    __global const ulong* restrict row_offsets,    // rows + 1
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    FIXED_PARAMETERS(fixed),                       // columns x STRIDE
    const float alpha,
    __global float* restrict matrices,             // slots x MATRIX_FLOATS, written
    __global float* restrict right_sides)          // slots x STRIDE, written
{
    __local __attribute__((aligned(16))) float panel[PANEL_ROWS * STRIDE];
    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    const uint local_id = get_local_id(0);
    const uint4 chunk = chunks[first_chunk + get_group_id(0) / BATCHES];
    const uint batch = get_group_id(0) % BATCHES;
    const uint t = batch * WORK_GROUP_SIZE + local_id;
    const int is_owner = t < TILE_COUNT;
    const uint2 position = tile_position(min(t, (uint)TILE_COUNT - 1), TILES_PER_SIDE);
    const ulong first = row_offsets[chunk.x] + chunk.y, end = first + chunk.z;
    __global float* a = matrices + chunk.w * MATRIX_FLOATS;

    float tile[TILE_FLOATS];
    float4 right_side[QUADS_EACH];
    for (uint i = 0; i < QUADS_EACH; ++i)
        right_side[i] = 0.0f;
    for (ulong block = first; block == first || block < end; block += SUM_ROWS) {
        const ulong block_end = min(end, block + SUM_ROWS);
        clear_tile(tile);
        for (ulong start = block; start < block_end; start += PANEL_ROWS) {
            const uint n = (uint)min((ulong)PANEL_ROWS, block_end - start);
            for (uint k = local_id; k < n * QUADS; k += WORK_GROUP_SIZE) {
                const uint row = k / QUADS, quad = k % QUADS;
                const float scale = IMPLICIT ? sqrt(gramian_weight(ratings[start + row], alpha)) : 1.0f;
                const float4 y = load_fixed4(fixed_row(fixed_factors, columns[start + row]), 4 * quad);
                vstore4(IMPLICIT ? scale * y : y, quad_place(quad), panel + row * STRIDE);
            }
            barrier(CLK_LOCAL_MEM_FENCE);
            if (is_owner)
                for (uint k = 0; k < n; ++k)
                    add_outer_product(panel + k * STRIDE, position, tile);
            if (batch == 0)
                for (uint k = 0; k < n; ++k) {
                    const float weight = right_side_weight(ratings[start + k], alpha);
                    __global const float* y = fixed_row(fixed_factors, columns[start + k]);
                    for (uint i = 0; i < QUADS_EACH; ++i) {
                        const uint quad = i * WORK_GROUP_SIZE + local_id;
                        if (quad < QUADS)
                            right_side[i] += weight * load_fixed4(y, 4 * quad);
                    }
                }
            barrier(CLK_LOCAL_MEM_FENCE);
        }
        // The tile belongs to this work-item alone.
        if (is_owner) {
            if (block > first)
                add_tile(a, t, tile);
            store_tile(tile, a, t);
        }
    }
    if (batch == 0)
        for (uint i = 0; i < QUADS_EACH; ++i) {
            const uint quad = i * WORK_GROUP_SIZE + local_id;
            if (quad < QUADS)
                vstore4(right_side[i], quad, right_sides + (size_t)chunk.w * STRIDE);
        }
}

// Factors the matrix whose tiles are at `a`, in place, and solves for the right side in place. All work-items of a group call it.
// `side` is TILES_PER_SIDE, or 0 where there is nothing to solve; `diagonal` is that of the matrix, and `failed`, which is -1
// before, takes the first pivot that is not positive.
TILE_FUNCTION void solve_tiles(
    __global float* a, uint side, float tolerance, float* tile, __local float* panel, __local float* pivot_tile,
    const __local float* diagonal, __local float* right_side, __local int* failed)
{
    const uint local_id = get_local_id(0);
    for (uint s = 0; s < side; ++s) {
        if (local_id == 0) {
            load_tile(a, tile_number(s, s), tile);
            const uint solved =
                factorize_tile(tile, diagonal + s * TILE, tolerance, pivot_tile, right_side + s * TILE);
            if (solved < TILE && *failed < 0)
                *failed = s * TILE + solved;
            store_tile(tile, a, tile_number(s, s));
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint j = s + 1 + local_id; j < TILES_PER_SIDE; j += WORK_GROUP_SIZE) {
            load_tile(a, tile_number(s, j), tile);
            solve_tile(tile, pivot_tile, j, panel);
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
                subtract_from_right_side(panel, position.x, right_side + s * TILE, right_side + position.x * TILE);
        }
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    }
    for (uint step = 0; step < side; ++step) {
        const uint s = TILES_PER_SIDE - 1 - step;
        if (local_id == 0) {
            load_tile(a, tile_number(s, s), tile);
            back_substitute_tile(tile, right_side + s * TILE);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint i = local_id; i < s; i += WORK_GROUP_SIZE) {
            load_tile(a, tile_number(i, s), tile);
            subtract_tile_product(tile, right_side + s * TILE, right_side + i * TILE);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
}

// Adds up the chunks of a row, and completes its matrix in the tiles of the first.
TILE_FUNCTION void complete_matrix(
    __global float* a, uint tile_count, uint slot_count, float lambda, __global const float* restrict gramian, float* tile,
    __local float* diagonal)
{
    for (uint t = get_local_id(0); t < tile_count; t += WORK_GROUP_SIZE) {
        const uint2 position = tile_position(t, TILES_PER_SIDE);
        load_tile(a, t, tile);
        for (uint slot = 1; slot < slot_count; ++slot)
            add_tile(a + slot * MATRIX_FLOATS, t, tile);
        complete_tile(tile, position, lambda, gramian);
        if (position.x == position.y)
            UNROLL
            for (uint r = 0; r < TILE; ++r)
                diagonal[position.x * TILE + r] = tile[r * TILE + r];
        store_tile(tile, a, t);
    }
}

// Adds up the right sides of a row's chunks.
TILE_FUNCTION void complete_right_side(
    __global const float* restrict right_sides, size_t first_slot, uint slot_count, __local float* right_side)
{
    for (uint k = get_local_id(0); k < STRIDE; k += WORK_GROUP_SIZE) {
        float sum = 0.0f;
        for (uint slot = 0; slot < slot_count; ++slot)
            sum += right_sides[(first_slot + slot) * STRIDE + k];
        right_side[k] = sum;
    }
}

// Launch: one work-group of WORK_GROUP_SIZE for each of the rows from first_row on.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_global_tiles_solve(
    __global const uint4* restrict solved_rows,    // row, first slot, number of slots, unused
    const uint first_row,
    __global float* restrict matrices,             // slots x MATRIX_FLOATS; a row's first becomes its factorization
    __global const float* restrict right_sides,    // slots x STRIDE
    __global float* restrict factors,              // rows x STRIDE, written
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    __global int* status)                          // 2: see common.cl
{
    __local __attribute__((aligned(16))) float panel[TILE * STRIDE];
    __local float pivot_tile[TILE_FLOATS], right_side[STRIDE], diagonal[STRIDE];
    __local int failed;

    const uint local_id = get_local_id(0);
    const uint4 solved_row = solved_rows[first_row + get_group_id(0)];
    const int row = (int)solved_row.x;
    const float lambda = regularization[row];
    __global float* a = matrices + solved_row.y * MATRIX_FLOATS;
    float tile[TILE_FLOATS];

    if (local_id == 0)
        failed = -1;
    complete_right_side(right_sides, solved_row.y, solved_row.z, right_side);
    barrier(CLK_LOCAL_MEM_FENCE);
    const int zero = is_zero(right_side);
    // Of a row without a right side nothing is computed: no tile is left to its owner.
    const uint tile_count = zero ? 0 : TILE_COUNT;
    const uint side = zero ? 0 : TILES_PER_SIDE;
    complete_matrix(a, tile_count, solved_row.z, lambda, gramian, tile, diagonal);
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);

    solve_tiles(a, side, pivot_tolerance(lambda), tile, panel, pivot_tile, diagonal, right_side, &failed);

    if (failed >= 0 && local_id == 0)
        report_failure(status, row, diagonal[failed]);
    for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE) {
        const float value = failed >= 0 ? 0.0f : right_side[k];
        if (!isfinite(value))
            report_overflow(status, row);
        factors[(size_t)row * STRIDE + k] = value;
    }
}

#if NONNEGATIVE
// Element (i, j) of the symmetric matrix whose tiles are at `a`.
TILE_FUNCTION float matrix_element(__global const float* a, uint i, uint j)
{
    const int is_upper = i / TILE <= j / TILE;
    const uint row = is_upper ? i : j, column = is_upper ? j : i;
    const uint element = row % TILE * TILE + column % TILE;
    return a[(element / 4 * TILE_COUNT + tile_number(row / TILE, column / TILE)) * 4 + element % 4];
}

// The largest absolute value of a vector.
TILE_FUNCTION float largest(const __local float* v)
{
    float most = 0.0f;
    for (uint k = 0; k < STRIDE; ++k)
        most = fmax(most, fabs(v[k]));
    return most;
}

// Factors of 0 or above by block principal pivoting; cpu_nonnegative.cl says how.
//
// Launch: one work-group of WORK_GROUP_SIZE for each of the rows from first_row on.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_global_tiles_solve_nonnegative(
    __global const uint4* restrict solved_rows,    // row, first slot, number of slots, unused
    const uint first_row,
    __global float* restrict matrices,             // slots x MATRIX_FLOATS; a row's first becomes its matrix
    __global float* restrict factorizations,       // work-groups x MATRIX_FLOATS
    __global const float* restrict right_sides,    // slots x STRIDE
    __global float* restrict factors,              // rows x STRIDE, written; what they hold is the start
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    __global int* status)                          // 2: see common.cl
{
    __local __attribute__((aligned(16))) float panel[TILE * STRIDE];
    __local float pivot_tile[TILE_FLOATS], right_side[STRIDE], diagonal[STRIDE], solution[STRIDE];
    __local int is_free[STRIDE], is_wrong[STRIDE];
    __local int failed;

    const uint local_id = get_local_id(0);
    const uint4 solved_row = solved_rows[first_row + get_group_id(0)];
    const int row = (int)solved_row.x;
    const float lambda = regularization[row];
    __global float* a = matrices + solved_row.y * MATRIX_FLOATS;
    __global float* factorization = factorizations + get_group_id(0) * MATRIX_FLOATS;
    __global float* x = factors + (size_t)row * STRIDE;
    float tile[TILE_FLOATS];

    if (local_id == 0)
        failed = -1;
    complete_right_side(right_sides, solved_row.y, solved_row.z, right_side);
    for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE) {
        is_free[k] = k < RANK && (k >= BOUNDED || x[k] > 0.0f);
        solution[k] = 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    const int zero = is_zero(right_side);
    complete_matrix(a, zero ? 0 : TILE_COUNT, solved_row.z, lambda, gramian, tile, diagonal);
    const float slope_noise = SLOPE_NOISE * largest(right_side);
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);

    // The same in all work-items, as is all that decides about another step.
    uint fewest = STRIDE + 1, patience = PIVOTING_PATIENCE;
    uint steps_left = zero ? 0 : MOST_PIVOTING_STEPS;
    while (steps_left > 0) {
        for (uint t = local_id; t < TILE_COUNT; t += WORK_GROUP_SIZE) {
            const uint2 position = tile_position(t, TILES_PER_SIDE);
            load_tile(a, t, tile);
            UNROLL
            for (uint r = 0; r < TILE; ++r)
                UNROLL
                for (uint q = 0; q < TILE; ++q) {
                    const uint i = position.x * TILE + r, j = position.y * TILE + q;
                    if (!(is_free[i] && is_free[j]))
                        tile[r * TILE + q] = i == j ? 1.0f : 0.0f;
                    if (i == j)
                        diagonal[i] = tile[r * TILE + q];
                }
            store_tile(tile, factorization, t);
        }
        for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE)
            solution[k] = is_free[k] ? right_side[k] : 0.0f;
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
        solve_tiles(
            factorization, TILES_PER_SIDE, pivot_tolerance(lambda), tile, panel, pivot_tile, diagonal, solution, &failed);

        const float factor_noise = FACTOR_NOISE * largest(solution);
        for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE) {
            float slope = -right_side[k];
            if (!is_free[k])
                for (uint i = 0; i < STRIDE; ++i)
                    if (is_free[i])
                        slope += matrix_element(a, k, i) * solution[i];
            is_wrong[k] = k < BOUNDED && (is_free[k] ? solution[k] < -factor_noise : slope < -slope_noise);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        uint count = 0, last = 0;
        for (uint k = 0; k < BOUNDED; ++k) {
            count += is_wrong[k];
            last = is_wrong[k] ? k : last;
        }
        steps_left = count == 0 || failed >= 0 ? 0 : steps_left - 1;
        const int one_alone = count >= fewest && patience == 0;
        patience = count < fewest ? PIVOTING_PATIENCE : patience - (patience > 0);
        fewest = min(fewest, count);
        for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE)
            if (steps_left > 0 && is_wrong[k] && (!one_alone || k == last))
                is_free[k] = !is_free[k];
        // The next step overwrites tiles that the last substitution has read.
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    }

    if (failed >= 0 && local_id == 0)
        report_failure(status, row, diagonal[failed]);
    for (uint k = local_id; k < STRIDE; k += WORK_GROUP_SIZE) {
        const float value = failed >= 0 || !is_free[k] || (k < BOUNDED && solution[k] < 0.0f) ? 0.0f : solution[k];
        if (!isfinite(value))
            report_overflow(status, row);
        x[k] = value;
    }
}
#endif
