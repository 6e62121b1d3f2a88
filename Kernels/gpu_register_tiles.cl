// Half-step of alternating least squares, shaped for GPUs, for ranks whose triangle of tiles fits a work-group.
//
// A team of work-items computes one chunk: all ratings of a row, or a part of a long one. Each owns one tile of the upper
// triangle of A in registers, from the first rating to the last step of the Cholesky factorization. At small ranks a
// work-group has several teams, whose chunks, as the host orders them, are about as long. The parts of a long row go to memory
// and are added up in a fixed order by gpu_register_tiles_long_rows.
//
// All work-items stage factor rows for all teams, in local memory, and add up the right side on the way. While a panel is
// computed, the next one is on its way to registers, and the columns of the one after that.
//
// Defines: those of gpu_tiles.cl; WORK_GROUP_SIZE is at least TILE_COUNT, and
//   LOADS  loads that a work-item has in flight
// Numerics: 32-bit. Within 1e-4 of ALSReference (relative Frobenius norm of the factors after five iterations at rank 64).
#ifndef LOADS
#define LOADS 4
#endif

// Quads of a factor row; factor rows that the work-group loads at a time for each team, and that a panel has of each.
#define QUADS (STRIDE / 4)
#define ROWS_AT_ONCE (WORK_GROUP_SIZE / (QUADS * TEAMS))
#define PANEL (ROWS_AT_ONCE * LOADS)
#define PANEL_FLOATS (TEAMS * PANEL * STRIDE)
// Local memory serves two panels, then the sum over the right side, then the elimination; the largest counts.
#define REDUCTION_FLOATS (ROWS_AT_ONCE * TEAMS * STRIDE)
#define LOCAL_FLOATS LARGER(2 * PANEL_FLOATS, LARGER(REDUCTION_FLOATS, TEAMS * ELIMINATION_FLOATS))

// Where a work-item's loads come from.
typedef struct {
    uint quad;   // of each factor row
    uint row;    // the first in a panel; the others are ROWS_AT_ONCE apart
    ulong first; // rating of the chunk
    uint count;  // ratings of the chunk, 0 if the work-item has nothing to load
} Source;

TILE_FUNCTION void load_columns(__global const int* restrict columns, const Source* source, uint start, int* next_columns)
{
    UNROLL
    for (uint i = 0; i < LOADS; ++i) {
        const uint k = start + source->row + i * ROWS_AT_ONCE;
        next_columns[i] = k < source->count ? columns[source->first + k] : -1;
    }
}

TILE_FUNCTION void load_panel(
    __global const float* restrict ratings, const FixedRows fixed_factors, const Source* source, uint start,
    const int* next_columns, float4* quads, float* panel_ratings)
{
    UNROLL
    for (uint i = 0; i < LOADS; ++i) {
        const uint k = start + source->row + i * ROWS_AT_ONCE;
        const int column = next_columns[i];
        quads[i] = column < 0 ? (float4)(0.0f) : load_fixed4(fixed_row(fixed_factors, column), 4 * source->quad);
        panel_ratings[i] = column < 0 ? 0.0f : ratings[source->first + k];
    }
}

// Completes A with the Gramian and the regularization, solves, and writes the factors of the teams' rows. `tile` holds the sum
// over a row's ratings, `right_sides` b. A team with row < 0 has nothing to complete.
TILE_FUNCTION void finish_rows(
    float* tile, uint team, uint2 position, int row, __global const float* restrict regularization,
    __global const float* restrict gramian, __local float* work, __local float* diagonals, __local float* right_sides,
    __local int* failed, __local int* rows, __global float* restrict factors, __global int* status)
{
    __local float* right_side = right_sides + team * STRIDE;
    const uint t = get_local_id(0) % TILE_COUNT;
    const int zero = is_zero(right_side);
    const int is_owner = row >= 0 && !zero;
    const float lambda = row >= 0 ? regularization[row] : 1.0f;
    if (t == 0 && get_local_id(0) < TEAMS * TILE_COUNT) {
        rows[team] = row;
        failed[team] = -1;
    }
    if (is_owner)
        complete_tile(tile, position, lambda, gramian);
    barrier(CLK_LOCAL_MEM_FENCE);
    solve_registers(tile, pivot_tolerance(lambda), position, is_owner, work + team * ELIMINATION_FLOATS,
                    diagonals + team * STRIDE, right_side, failed + team);
    if (t == 0 && is_owner && failed[team] >= 0)
        report_failure(status, row, diagonals[team * STRIDE + failed[team]]);
    // A right side that is zero stays it.
    for (uint k = get_local_id(0); k < TEAMS * STRIDE; k += WORK_GROUP_SIZE)
        if (rows[k / STRIDE] >= 0) {
            const float value = failed[k / STRIDE] >= 0 ? 0.0f : right_sides[k];
            if (!isfinite(value))
                report_overflow(status, rows[k / STRIDE]);
            factors[(size_t)rows[k / STRIDE] * STRIDE + k % STRIDE] = value;
        }
}

// Launch: work-groups of WORK_GROUP_SIZE, one for each TEAMS chunks.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_register_tiles_half_step(
    __global const uint4* restrict chunks,         // chunk_count: row, first rating within the row, number of ratings,
                                                   // partial slot + 1 or 0 if the chunk is the whole row
    const uint chunk_count,
    __global float* restrict partial_tiles,        // slots x TILE_FLOATS x TILE_COUNT, written for parts of long rows
    __global float* restrict partial_right_sides,  // slots x STRIDE, likewise
    __global const ulong* restrict row_offsets,    // rows + 1
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    FIXED_PARAMETERS(fixed),                       // columns x STRIDE
    __global float* restrict factors,              // rows x STRIDE, written
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    __global int* status,                          // 2: see common.cl
    const float alpha)
{
    __local __attribute__((aligned(16))) float work[LOCAL_FLOATS];
    __local float right_sides[TEAMS * STRIDE], diagonals[TEAMS * STRIDE];
    __local int failed[TEAMS], rows[TEAMS];

    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    const uint local_id = get_local_id(0);
    const uint first_chunk = get_group_id(0) * TEAMS;
    const uint team_count = min((uint)TEAMS, chunk_count - first_chunk);
    const uint team = min(local_id / TILE_COUNT, (uint)TEAMS - 1);
    const int is_member = local_id / TILE_COUNT < team_count;
    const uint2 position = tile_position(local_id % TILE_COUNT, TILES_PER_SIDE);
    const uint4 chunk = chunks[first_chunk + min(team, team_count - 1)];
    uint longest = 0;
    for (uint k = 0; k < team_count; ++k)
        longest = max(longest, chunks[first_chunk + k].z);

    const uint source_team = local_id / QUADS % TEAMS;
    const uint4 source_chunk = chunks[first_chunk + min(source_team, team_count - 1)];
    Source source;
    source.quad = local_id % QUADS;
    source.row = local_id / QUADS / TEAMS;
    source.first = row_offsets[source_chunk.x] + source_chunk.y;
    source.count = source.row < ROWS_AT_ONCE && source_team < team_count ? source_chunk.z : 0;

    float tile[TILE_FLOATS];
    float4 right_side_sum = 0.0f;
    float4 quads[LOADS];
    float panel_ratings[LOADS];
    int next_columns[LOADS];
    clear_tile(tile);
    load_columns(columns, &source, 0, next_columns);
    load_panel(ratings, fixed_factors, &source, 0, next_columns, quads, panel_ratings);
    load_columns(columns, &source, PANEL, next_columns);

    // One barrier a panel: when a panel is written again, all have passed the barrier that follows the last reading of it.
    uint side = 0;
    for (uint start = 0; start < longest; start += PANEL) {
        __local float* panel = work + side * PANEL_FLOATS;
        if (source.row < ROWS_AT_ONCE)
            UNROLL
            for (uint i = 0; i < LOADS; ++i) {
                const float rating = panel_ratings[i];
                const float scale = IMPLICIT ? sqrt(gramian_weight(rating, alpha)) : 1.0f;
                right_side_sum += right_side_weight(rating, alpha) * quads[i];
                vstore4(IMPLICIT ? scale * quads[i] : quads[i], quad_place(source.quad),
                        panel + (source_team * PANEL + source.row + i * ROWS_AT_ONCE) * STRIDE);
            }
        barrier(CLK_LOCAL_MEM_FENCE);
        load_panel(ratings, fixed_factors, &source, start + PANEL, next_columns, quads, panel_ratings);
        load_columns(columns, &source, start + 2 * PANEL, next_columns);
        if (is_member) {
            const uint n = min((uint)PANEL, longest - start);
            for (uint k = 0; k < n; ++k)
                add_outer_product(panel + (team * PANEL + k) * STRIDE, position, tile);
        }
        side ^= 1;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (source.row < ROWS_AT_ONCE)
        vstore4(right_side_sum, source.quad, work + (source.row * TEAMS + source_team) * STRIDE);
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint k = local_id; k < TEAMS * STRIDE; k += WORK_GROUP_SIZE) {
        float sum = 0.0f;
        for (uint r = 0; r < ROWS_AT_ONCE; ++r)
            sum += work[r * TEAMS * STRIDE + k];
        right_sides[k] = sum;
    }
    barrier(CLK_LOCAL_MEM_FENCE);

    const int is_part = chunk.w > 0;
    if (is_member && is_part) {
        const size_t slot = chunk.w - 1;
        UNROLL
        for (uint k = 0; k < TILE_FLOATS; ++k)
            partial_tiles[(slot * TILE_FLOATS + k) * TILE_COUNT + local_id % TILE_COUNT] = tile[k];
        for (uint k = local_id % TILE_COUNT; k < STRIDE; k += TILE_COUNT)
            partial_right_sides[slot * STRIDE + k] = right_sides[team * STRIDE + k];
    }
    finish_rows(tile, team, position, is_member && !is_part ? (int)chunk.x : -1, regularization, gramian, work, diagonals,
                right_sides, failed, rows, factors, status);
}

// Adds up the parts of the long rows, in order, and solves them.
//
// Launch: work-groups of WORK_GROUP_SIZE, one for each TEAMS long rows.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_register_tiles_long_rows(
    __global const uint4* restrict long_rows,            // long_row_count: row, first partial slot, number of slots, unused
    const uint long_row_count,
    __global const float* restrict partial_tiles,        // slots x TILE_FLOATS x TILE_COUNT
    __global const float* restrict partial_right_sides,  // slots x STRIDE
    __global float* restrict factors,                    // rows x STRIDE, written
    __global const float* restrict regularization,       // rows: lambda n^nu
    __global const float* restrict gramian,              // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    __global int* status)                                // 2: see common.cl
{
    __local __attribute__((aligned(16))) float work[TEAMS * ELIMINATION_FLOATS];
    __local float right_sides[TEAMS * STRIDE], diagonals[TEAMS * STRIDE];
    __local int failed[TEAMS], rows[TEAMS];

    const uint local_id = get_local_id(0);
    const uint first_row = get_group_id(0) * TEAMS;
    const uint team_count = min((uint)TEAMS, long_row_count - first_row);
    const uint team = min(local_id / TILE_COUNT, (uint)TEAMS - 1);
    const int is_member = local_id / TILE_COUNT < team_count;
    const uint t = local_id % TILE_COUNT;
    const uint2 position = tile_position(t, TILES_PER_SIDE);
    const uint4 long_row = long_rows[first_row + min(team, team_count - 1)];
    const size_t first_slot = long_row.y, end_slot = first_slot + long_row.z;

    float tile[TILE_FLOATS];
    clear_tile(tile);
    if (is_member)
        for (size_t slot = first_slot; slot < end_slot; ++slot)
            UNROLL
            for (uint k = 0; k < TILE_FLOATS; ++k)
                tile[k] += partial_tiles[(slot * TILE_FLOATS + k) * TILE_COUNT + t];
    for (uint k = t; k < STRIDE; k += TILE_COUNT)
        if (local_id < TEAMS * TILE_COUNT) {
            float sum = 0.0f;
            if (is_member)
                for (size_t slot = first_slot; slot < end_slot; ++slot)
                    sum += partial_right_sides[slot * STRIDE + k];
            right_sides[team * STRIDE + k] = sum;
        }
    barrier(CLK_LOCAL_MEM_FENCE);
    finish_rows(tile, team, position, is_member ? (int)long_row.x : -1, regularization, gramian, work, diagonals,
                right_sides, failed, rows, factors, status);
}
