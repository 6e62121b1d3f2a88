// The best items for each user, shaped for CPUs: scores of six users for sixteen items at a time in registers, and a heap of
// the best so far for each user. The scores are never all in memory.
//
// Items come in panels of 16, by descending norm, so that the panels behind the first whose bound no user's heap can gain from
// are left out: a score is at most the product of the norms (Cauchy and Schwarz).
//
// No defines: one binary serves all ranks. Arguments: top_n.cl.
// Numerics: 32-bit, factors added up in index order, fused or not; the host adds up what is kept anew, and proves by the
// threshold that nothing else belongs there.

// Users in registers at a time.
#define USER_LANES 6
// Panels of users of a work-group, which share each panel of items while it is in the cache.
#define USER_PANELS 8
#define GROUP_USERS (USER_PANELS * USER_LANES)

// One bit for each of sixteen comparisons that holds. (pocl makes a branch for each element of any().)
static inline uint bits_of(int8 low, int8 high)
{
    const int8 v = (low & (int8)(1, 2, 4, 8, 16, 32, 64, 128))
        | (high & (int8)(256, 512, 1024, 2048, 4096, 8192, 16384, 32768));
    const int4 q = v.lo | v.hi;
    const int2 h = q.lo | q.hi;
    return (uint)(h.x | h.y);
}

// Scores of a panel of users for a panel of items. Returns whether any exceeds its user's threshold; only then are the scores
// stored, and a bit of hits[u] for each score of user u that does.
static inline int score_tile(
    __global const float* restrict users,  // rank x USER_LANES
    __global const float* restrict panel,  // rank x 16
    uint rank,
    const float* thresholds,               // USER_LANES
    float* tile,                           // USER_LANES x 16, written
    uint* hits)                            // USER_LANES, written
{
    float8 a0 = 0.0f, a1 = 0.0f, a2 = 0.0f, a3 = 0.0f, a4 = 0.0f, a5 = 0.0f;
    float8 b0 = 0.0f, b1 = 0.0f, b2 = 0.0f, b3 = 0.0f, b4 = 0.0f, b5 = 0.0f;
    for (uint k = 0; k < rank; ++k) {
        __global const float* x = users + k * USER_LANES;
        const float8 y0 = vload8(0, panel + k * 16);
        const float8 y1 = vload8(1, panel + k * 16);
        a0 += x[0] * y0;
        b0 += x[0] * y1;
        a1 += x[1] * y0;
        b1 += x[1] * y1;
        a2 += x[2] * y0;
        b2 += x[2] * y1;
        a3 += x[3] * y0;
        b3 += x[3] * y1;
        a4 += x[4] * y0;
        b4 += x[4] * y1;
        a5 += x[5] * y0;
        b5 += x[5] * y1;
    }
    // A comparison with NaN is false: such a score is never kept.
    const int8 g0 = a0 > thresholds[0], h0 = b0 > thresholds[0];
    const int8 g1 = a1 > thresholds[1], h1 = b1 > thresholds[1];
    const int8 g2 = a2 > thresholds[2], h2 = b2 > thresholds[2];
    const int8 g3 = a3 > thresholds[3], h3 = b3 > thresholds[3];
    const int8 g4 = a4 > thresholds[4], h4 = b4 > thresholds[4];
    const int8 g5 = a5 > thresholds[5], h5 = b5 > thresholds[5];
    const int8 above = g0 | g1 | g2 | g3 | g4 | g5 | h0 | h1 | h2 | h3 | h4 | h5;
    const int4 q = above.lo | above.hi;
    const int2 h = q.lo | q.hi;
    if ((h.x | h.y) == 0)
        return 0;
    hits[0] = bits_of(g0, h0);
    hits[1] = bits_of(g1, h1);
    hits[2] = bits_of(g2, h2);
    hits[3] = bits_of(g3, h3);
    hits[4] = bits_of(g4, h4);
    hits[5] = bits_of(g5, h5);
    vstore8(a0, 0, tile);
    vstore8(b0, 1, tile);
    vstore8(a1, 2, tile);
    vstore8(b1, 3, tile);
    vstore8(a2, 4, tile);
    vstore8(b2, 5, tile);
    vstore8(a3, 6, tile);
    vstore8(b3, 7, tile);
    vstore8(a4, 8, tile);
    vstore8(b4, 9, tile);
    vstore8(a5, 10, tile);
    vstore8(b5, 11, tile);
    return 1;
}

// Launch: one work-group of 1 for each GROUP_USERS users.
__kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void top_n_cpu(
    const uint rank,
    const uint item_count,
    __global const float* restrict items,         // panels x rank x ITEM_LANES
    __global const float* restrict bounds,        // panels
    __global const int* restrict item_rows,       // item_count
    const uint user_count,
    __global const float* restrict users,         // panels of users x rank x USER_LANES
    __global const float* restrict norms,         // user_count
    __global const ulong* restrict seen_offsets,  // user_count + 1
    __global const int* restrict seen,
    const uint count,
    const uint goes_on,
    __global float* restrict scores,              // user_count x count, read if it goes on, and written
    __global int* restrict rows,                  // user_count x count, likewise
    __global float* restrict thresholds)          // user_count, likewise
{
    const uint first = get_group_id(0) * GROUP_USERS;
    const uint group_users = min((uint)GROUP_USERS, user_count - first);
    const uint panels = (item_count + ITEM_LANES - 1) / ITEM_LANES;
    float threshold[GROUP_USERS];
    float norm[GROUP_USERS];
    float tile[USER_LANES * ITEM_LANES];
    for (uint u = 0; u < GROUP_USERS; ++u) {
        // Nothing exceeds the threshold of a user who is not there.
        threshold[u] = INFINITY;
        norm[u] = u < group_users ? norms[first + u] : 0.0f;
        if (u < group_users)
            threshold[u] = goes_on ? thresholds[first + u] : -INFINITY;
        if (u < group_users && !goes_on)
            clear_heap(scores + (size_t)(first + u) * count, rows + (size_t)(first + u) * count, count);
    }

    uint done = 0;
    for (uint panel = 0; panel < panels && done != (1u << USER_PANELS) - 1; ++panel) {
        const float bound = bounds[panel];
        __global const float* y = items + (size_t)panel * rank * ITEM_LANES;
        for (uint p = 0; p < USER_PANELS; ++p) {
            if (done >> p & 1)
                continue;
            int can_gain = 0;
            for (uint l = 0; l < USER_LANES; ++l)
                can_gain |= !(bound * norm[p * USER_LANES + l] <= threshold[p * USER_LANES + l]);
            if (!can_gain) {
                done |= 1u << p;
                continue;
            }
            __global const float* x = users + ((size_t)get_group_id(0) * USER_PANELS + p) * rank * USER_LANES;
            uint hits[USER_LANES];
            if (!score_tile(x, y, rank, threshold + p * USER_LANES, tile, hits))
                continue;
            for (uint l = 0; l < USER_LANES; ++l) {
                const uint u = p * USER_LANES + l;
                for (uint bits = hits[l]; bits; bits &= bits - 1) {
                    const uint i = 31 - clz(bits & -bits);
                    const float score = tile[l * ITEM_LANES + i];
                    if (score > threshold[u])
                        threshold[u] = offer(
                            score, panel * ITEM_LANES + i, item_count, item_rows, seen_offsets + first + u, seen, count,
                            scores + (size_t)(first + u) * count, rows + (size_t)(first + u) * count);
                }
            }
        }
    }
    for (uint u = 0; u < group_users; ++u)
        thresholds[first + u] = threshold[u];
}
