// Partial sums of the Gramian F'F of a factor matrix, shaped for GPUs. sum_partials adds them up in a fixed order.
//
// Each work-item owns one tile of the upper triangle. Where a work-group has several teams, they share the rows of a panel and
// make a partial sum each; where the triangle is larger than a work-group, BATCHES work-groups cover it.
//
// Defines: those of gpu_tiles.cl, and
//   PANEL_ROWS  factor rows staged in local memory at a time
// Numerics: 32-bit; as many partial sums as the host asks for.
#ifndef PANEL_ROWS
#define PANEL_ROWS 16
#endif

// Work-groups that cover the triangle.
#define BATCHES ((TILE_COUNT + WORK_GROUP_SIZE - 1) / WORK_GROUP_SIZE)

// Launch: parts * BATCHES work-groups of WORK_GROUP_SIZE.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_gramian(
    FIXED_PARAMETERS(fixed),                // row_count x STRIDE, in the precision of FIXED_HALF
    const uint row_count,
    const uint rows_per_part,
    __global float* restrict partials)      // parts x TEAMS x STRIDE x STRIDE
{
    __local __attribute__((aligned(16))) float panel[PANEL_ROWS * STRIDE];
    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    const uint part = get_group_id(0) / BATCHES;
    const uint number = get_group_id(0) % BATCHES * WORK_GROUP_SIZE + get_local_id(0);
    const uint team = number / TILE_COUNT, t = number % TILE_COUNT;
    const int is_owner = team < TEAMS;
    const uint2 position = tile_position(t, TILES_PER_SIDE);
    const ulong first = part * (ulong)rows_per_part;
    const ulong end = min((ulong)row_count, first + rows_per_part);

    __global float* out = partials + (part * TEAMS + min(team, (uint)TEAMS - 1)) * (size_t)(STRIDE * STRIDE);
    float tile[TILE_FLOATS];
    for (ulong block = first; block == first || block < end; block += SUM_ROWS) {
        const ulong block_end = min(end, block + SUM_ROWS);
        clear_tile(tile);
        for (ulong start = block; start < block_end; start += PANEL_ROWS) {
            const uint n = (uint)min((ulong)PANEL_ROWS, block_end - start);
            for (uint k = get_local_id(0); k < n * (STRIDE / 4); k += WORK_GROUP_SIZE) {
                const uint row = k / (STRIDE / 4), quad = k % (STRIDE / 4);
                vstore4(load_fixed4(fixed_row(fixed_factors, (uint)start + row), 4 * quad), quad_place(quad), panel + row * STRIDE);
            }
            barrier(CLK_LOCAL_MEM_FENCE);
            if (is_owner)
                for (uint k = team; k < n; k += TEAMS)
                    add_outer_product(panel + k * STRIDE, position, tile);
            barrier(CLK_LOCAL_MEM_FENCE);
        }
        if (is_owner) {
            __global float* rows = out + position.x * TILE * STRIDE + position.y * TILE;
            __global float* mirrored = out + position.y * TILE * STRIDE + position.x * TILE;
            UNROLL
            for (uint r = 0; r < TILE; ++r)
                UNROLL
                for (uint q = 0; q < TILE; ++q) {
                    if (block > first)
                        tile[r * TILE + q] += rows[r * STRIDE + q];
                    rows[r * STRIDE + q] = tile[r * TILE + q];
                }
            UNROLL
            for (uint q = 0; q < TILE; ++q)
                UNROLL
                for (uint r = 0; r < TILE; ++r)
                    mirrored[q * STRIDE + r] = tile[r * TILE + q];
        }
    }
}
