// Partial sums of the Gramian F'F of a factor matrix, shaped for GPUs. sum_partials adds them up in a fixed order.
//
// Each work-item owns one tile of the upper triangle; BATCHES work-groups of WORK_GROUP_SIZE tiles cover it, for each part of
// the rows.
//
// Defines: those of gpu_tiles.cl.
// Numerics: 32-bit; as many partial sums as the host asks for.

// Work-groups that cover the triangle.
#define BATCHES ((TILE_COUNT + WORK_GROUP_SIZE - 1) / WORK_GROUP_SIZE)

// Launch: parts * BATCHES work-groups of WORK_GROUP_SIZE.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_gramian(
    __global const float* restrict factors, // row_count x STRIDE, in the precision of FIXED_HALF
    const uint row_count,
    const uint rows_per_part,
    __global float* restrict partials)      // parts x STRIDE x STRIDE, upper triangle
{
    __local __attribute__((aligned(16))) float panel[PANEL_ROWS * STRIDE];
    const uint part = get_group_id(0) / BATCHES;
    const uint t = get_group_id(0) % BATCHES * WORK_GROUP_SIZE + get_local_id(0);
    const uint2 position = tile_position(min(t, (uint)TILE_COUNT - 1), TILES_PER_SIDE);
    const ulong first = part * (ulong)rows_per_part;
    const ulong end = min((ulong)row_count, first + rows_per_part);

    __global float* out = partials + part * (size_t)(STRIDE * STRIDE);
    float tile[TILE_FLOATS];
    if (t < TILE_COUNT)
        for (uint r = 0; r < TILE; ++r)
            for (uint q = 0; q < TILE; ++q)
                out[(position.x * TILE + r) * STRIDE + position.y * TILE + q] = 0.0f;
    for (ulong block = first; block < end; block += SUM_ROWS) {
        const ulong block_end = min(end, block + SUM_ROWS);
        for (uint k = 0; k < TILE_FLOATS; ++k)
            tile[k] = 0.0f;
        for (ulong start = block; start < block_end; start += PANEL_ROWS) {
            const uint n = (uint)min((ulong)PANEL_ROWS, block_end - start);
            for (uint k = get_local_id(0); k < n * (STRIDE / 4); k += WORK_GROUP_SIZE)
                vstore4(load_fixed4(factors, start * STRIDE + 4 * k), k, panel);
            barrier(CLK_LOCAL_MEM_FENCE);
            for (uint k = 0; k < n; ++k) {
                float a[TILE], b[TILE];
                load_strip(panel + k * STRIDE + position.x * TILE, a);
                load_strip(panel + k * STRIDE + position.y * TILE, b);
                for (uint r = 0; r < TILE; ++r)
                    for (uint q = 0; q < TILE; ++q)
                        tile[r * TILE + q] += a[r] * b[q];
            }
            barrier(CLK_LOCAL_MEM_FENCE);
        }
        if (t < TILE_COUNT)
            for (uint r = 0; r < TILE; ++r)
                for (uint q = 0; q < TILE; ++q)
                    out[(position.x * TILE + r) * STRIDE + position.y * TILE + q] += tile[r * TILE + q];
    }
}
