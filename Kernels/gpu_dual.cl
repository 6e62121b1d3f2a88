// Half-step of alternating least squares, shaped for GPUs, for rows with fewer ratings than factors, explicit: in the dual form
// (Woodbury), with Y the n rated factor rows,
//
//     (Y Y' + lambda I) z = r,  x = Y' z
//
// a system of n equations in place of RANK. Each team of work-items solves one row of up to ORDER ratings. It owns the upper
// triangle of Y Y', a tile in the registers of each; as many factors as FEATURES of all its rows are staged at a time, in local
// memory, transposed. Y' z reads the factor rows once more, from the cache.
//
// Defines: those of gpu_tiles.cl; ORDER is the most ratings of a row.
// Numerics: 32-bit. Needs lambda > 0. Closer to ALSReference than the primal form: fewer steps, a better conditioned matrix. The
// range is smaller: z, up to r / lambda, must be a float.
#define QUADS (STRIDE / 4)
#if TEAMS * ORDER > 384
#define FEATURES 8
#else
#define FEATURES 16
#endif
#define FEATURE_QUADS (FEATURES / 4)
#define LOCAL_FLOATS LARGER(TEAMS * FEATURES * ORDER, TEAMS * ELIMINATION_FLOATS)

// Launch: work-groups of WORK_GROUP_SIZE, one for each TEAMS rows.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_dual_half_step(
    __global const int* restrict short_rows,       // row_count: rows with at most ORDER ratings
    const uint row_count,
    __global const ulong* restrict row_offsets,    // rows + 1
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    FIXED_PARAMETERS(fixed),                       // columns x STRIDE
    __global float* restrict factors,              // rows x STRIDE, written
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // not read
    __global int* status,                          // 2: see common.cl
    const float alpha)                             // not used
{
    __local __attribute__((aligned(16))) float work[LOCAL_FLOATS];
    __local float right_sides[TEAMS * ORDER], diagonals[TEAMS * ORDER];
    __local int rated[TEAMS * ORDER], rows[TEAMS], counts[TEAMS], failed[TEAMS];

    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    const uint local_id = get_local_id(0);
    const uint first_row = get_group_id(0) * TEAMS;
    const uint team = min(local_id / TILE_COUNT, (uint)TEAMS - 1);
    const uint2 position = tile_position(local_id % TILE_COUNT, TILES_PER_SIDE);

    for (uint k = local_id; k < TEAMS; k += WORK_GROUP_SIZE) {
        const int row = first_row + k < row_count ? short_rows[first_row + k] : -1;
        rows[k] = row;
        counts[k] = row < 0 ? 0 : (int)(row_offsets[row + 1] - row_offsets[row]);
        failed[k] = -1;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint k = local_id; k < TEAMS * ORDER; k += WORK_GROUP_SIZE) {
        const int is_rating = (int)(k % ORDER) < counts[k / ORDER];
        const ulong entry = is_rating ? row_offsets[rows[k / ORDER]] + k % ORDER : 0;
        rated[k] = is_rating ? columns[entry] : -1;
        right_sides[k] = is_rating ? ratings[entry] : 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);

    const int row = rows[team], count = counts[team];
    const int is_owner = local_id / TILE_COUNT < TEAMS && row >= 0 && !is_zero(right_sides + team * ORDER);
    const float lambda = row >= 0 ? regularization[row] : 1.0f;
    float tile[TILE_FLOATS];
    clear_tile(tile);
    for (uint start = 0; start < STRIDE; start += FEATURES) {
        const uint n = min((uint)FEATURES, STRIDE - start);
        for (uint k = local_id; k < TEAMS * ORDER * FEATURE_QUADS; k += WORK_GROUP_SIZE) {
            const uint quad = k % FEATURE_QUADS, rating = k / FEATURE_QUADS;
            if (4 * quad < n) {
                const int column = rated[rating];
                const float4 y =
                    column < 0 ? (float4)(0.0f) : load_fixed4(fixed_row(fixed_factors, column), start + 4 * quad);
                __local float* place =
                    work + (rating / ORDER * FEATURES + 4 * quad) * ORDER + element_place(rating % ORDER);
                place[0] = y.x;
                place[ORDER] = y.y;
                place[2 * ORDER] = y.z;
                place[3 * ORDER] = y.w;
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        if (is_owner)
            for (uint k = 0; k < n; ++k)
                add_outer_product(work + (team * FEATURES + k) * ORDER, position, tile);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (is_owner && position.x == position.y)
        UNROLL
        for (uint r = 0; r < TILE; ++r)
            tile[r * TILE + r] += (int)(position.x * TILE + r) < count ? lambda : 1.0f;
    solve_registers(tile, pivot_tolerance(lambda), position, is_owner, work + team * ELIMINATION_FLOATS,
                    diagonals + team * ORDER, right_sides + team * ORDER, failed + team);
    if (is_owner && position.y == 0 && failed[team] >= 0)
        report_failure(status, row, diagonals[team * ORDER + failed[team]]);

    for (uint k = local_id; k < TEAMS * QUADS; k += WORK_GROUP_SIZE) {
        const uint owner = k / QUADS, quad = k % QUADS;
        if (rows[owner] >= 0) {
            float4 x = 0.0f;
            if (failed[owner] < 0)
                for (int rating = 0; rating < counts[owner]; ++rating)
                    x += right_sides[owner * ORDER + rating] *
                         load_fixed4(fixed_row(fixed_factors, rated[owner * ORDER + rating]), 4 * quad);
            if (!all(isfinite(x)))
                report_overflow(status, rows[owner]);
            vstore4(x, 0, factors + (size_t)rows[owner] * STRIDE + 4 * quad);
        }
    }
}
