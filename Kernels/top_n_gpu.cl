// The best items for each user, shaped for GPUs: a work-group scores 64 users for 64 items at a time, a tile of 4 x 4 in the
// registers of each work-item, and one work-item of each user puts what exceeds the user's threshold into a heap. The scores are
// never all in memory.
//
// Items come in panels of 16, by descending norm: a work-group ends with the first tile that none of its users can gain from.
//
// No defines: one binary serves all ranks. Arguments: top_n.cl.
// Numerics: as in top_n_cpu.cl.

#define WORK_GROUP_SIZE 256
#define GROUP_USERS 64
#define TILE_ITEMS 64
#define TILE_PANELS (TILE_ITEMS / ITEM_LANES)
// Factors staged at a time.
#define CHUNK 16

// Keeps the scores of a user for four items that exceed the threshold.
static inline void mark_hits(
    float4 s, float threshold, uint item, __local float* tile_row, __local uint* hits)
{
    const int4 above = s > threshold;
    if (!any(above))
        return;
    vstore4(s, 0, tile_row + item);
    const uint bits = (above.x ? 1u : 0u) | (above.y ? 2u : 0u) | (above.z ? 4u : 0u) | (above.w ? 8u : 0u);
    atomic_or(&hits[item / 32], bits << (item % 32));
}

// Launch: one work-group of WORK_GROUP_SIZE for each GROUP_USERS users.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void top_n_gpu(
    const uint rank,
    const uint item_count,
    __global const float* restrict items,         // panels x rank x ITEM_LANES
    __global const float* restrict bounds,        // panels
    __global const int* restrict item_rows,       // item_count
    const uint user_count,
    __global const float* restrict users,         // panels of users x rank x GROUP_USERS
    __global const float* restrict norms,         // user_count
    __global const ulong* restrict seen_offsets,  // user_count + 1
    __global const int* restrict seen,
    const uint count,
    const uint goes_on,
    __global float* restrict scores,              // user_count x count, read if it goes on, and written
    __global int* restrict rows,                  // user_count x count, likewise
    __global float* restrict thresholds)          // user_count, likewise
{
    __local float x[CHUNK * GROUP_USERS];
    __local float y[CHUNK * TILE_ITEMS];
    __local float tile[GROUP_USERS * TILE_ITEMS];
    __local uint hits[GROUP_USERS * 2];
    __local float threshold[GROUP_USERS];
    __local uint can_gain;

    const uint me = get_local_id(0);
    const uint item = me % 16 * 4;
    const uint user = me / 16 * 4;
    const uint panels = (item_count + ITEM_LANES - 1) / ITEM_LANES;
    const uint tiles = (panels + TILE_PANELS - 1) / TILE_PANELS;
    // The user whose heap this work-item keeps, if any.
    const size_t own = get_group_id(0) * (size_t)GROUP_USERS + me;
    const int keeps = me < GROUP_USERS && own < user_count;
    if (me < GROUP_USERS) {
        // Nothing exceeds the threshold of a user who is not there.
        threshold[me] = INFINITY;
        if (keeps)
            threshold[me] = goes_on ? thresholds[own] : -INFINITY;
        hits[2 * me] = 0;
        hits[2 * me + 1] = 0;
    }
    if (keeps && !goes_on)
        clear_heap(scores + own * count, rows + own * count, count);

    uint is_open = 1;
    for (uint t = 0; t < tiles && is_open; ++t) {
        float4 s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f;
        for (uint start = 0; start < rank; start += CHUNK) {
            for (uint e = me; e < CHUNK * GROUP_USERS; e += WORK_GROUP_SIZE) {
                const uint k = start + e / GROUP_USERS;
                x[e] = k < rank ? users[(get_group_id(0) * (size_t)rank + k) * GROUP_USERS + e % GROUP_USERS] : 0.0f;
            }
            for (uint e = me; e < CHUNK * TILE_ITEMS; e += WORK_GROUP_SIZE) {
                const uint k = start + e / TILE_ITEMS;
                const uint panel = t * TILE_PANELS + e % TILE_ITEMS / ITEM_LANES;
                y[e] = k < rank && panel < panels ? items[((size_t)panel * rank + k) * ITEM_LANES + e % ITEM_LANES] : 0.0f;
            }
            barrier(CLK_LOCAL_MEM_FENCE);
            for (uint k = 0; k < CHUNK; ++k) {
                const float4 factors = vload4(0, x + k * GROUP_USERS + user);
                const float4 panel = vload4(0, y + k * TILE_ITEMS + item);
                s0 += factors.x * panel;
                s1 += factors.y * panel;
                s2 += factors.z * panel;
                s3 += factors.w * panel;
            }
            barrier(CLK_LOCAL_MEM_FENCE);
        }
        if (me == 0)
            can_gain = 0;
        mark_hits(s0, threshold[user], item, tile + user * TILE_ITEMS, hits + 2 * user);
        mark_hits(s1, threshold[user + 1], item, tile + (user + 1) * TILE_ITEMS, hits + 2 * (user + 1));
        mark_hits(s2, threshold[user + 2], item, tile + (user + 2) * TILE_ITEMS, hits + 2 * (user + 2));
        mark_hits(s3, threshold[user + 3], item, tile + (user + 3) * TILE_ITEMS, hits + 2 * (user + 3));
        barrier(CLK_LOCAL_MEM_FENCE);
        if (keeps) {
            float lowest = threshold[me];
            for (uint word = 0; word < 2; ++word) {
                uint bits = hits[2 * me + word];
                hits[2 * me + word] = 0;
                while (bits) {
                    const uint bit = 31 - clz(bits & -bits);
                    bits &= bits - 1;
                    const float score = tile[me * TILE_ITEMS + 32 * word + bit];
                    if (score > lowest)
                        lowest = offer(
                            score, t * TILE_ITEMS + 32 * word + bit, item_count, item_rows, seen_offsets + own, seen,
                            count, scores + own * count, rows + own * count);
                }
            }
            threshold[me] = lowest;
            if (t + 1 < tiles && !(bounds[(t + 1) * TILE_PANELS] * norms[own] <= lowest))
                atomic_or(&can_gain, 1u);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        is_open = can_gain;
    }
    if (keeps)
        thresholds[own] = threshold[me];
}
