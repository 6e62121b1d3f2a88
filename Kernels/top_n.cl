// What both top_n kernels share; KernelSource puts it before them.
//
// Arguments of both:
//   rank          length of a factor vector
//   item_count    number of items that may be recommended
//   items         panels x rank x ITEM_LANES: factor k of the items of a panel lie side by side; the last panel is padded
//                 with zeros
//   bounds        panels: not below the norm of any item in the panel or behind it, rounding errors of scores included
//   item_rows     item_count: the row of each item, in the order of the panels
//   user_count    number of users
//   users         panels of users x rank x the users of a panel, the last panel padded with zeros
//   norms         user_count: not below the norms of the users
//   seen_offsets  user_count + 1: rows that are not recommended to user u are seen[seen_offsets[u] ..< seen_offsets[u + 1]]
//   seen          ascending for each user
//   count         length of a list
//   goes_on       0: these are the first items; 1: the lists hold the best of items of larger norms, which no buffer had room for
//   scores, rows  user_count x count: the best items in the order of a heap; row -1 where there are fewer
//   thresholds    user_count: no item that was left out scored higher; -infinity where none was

// Items scored side by side.
#define ITEM_LANES 16

static inline void clear_heap(__global float* scores, __global int* rows, uint count)
{
    for (uint k = 0; k < count; ++k) {
        scores[k] = -INFINITY;
        rows[k] = -1;
    }
}

// Whether `row` is among the ascending seen[first ..< end]. Steps of a known number without a branch: where the search goes is
// not to be guessed.
static inline int is_seen(__global const int* seen, ulong first, ulong end, int row)
{
    if (first == end)
        return 0;
    __global const int* base = seen + first;
    for (ulong n = end - first; n > 1; n -= n / 2)
        base = base[n / 2] <= row ? base + n / 2 : base;
    return *base == row;
}

// Puts a score above the lowest kept one into its place, unless its item is padding or the user has seen it. Returns the lowest
// kept score.
static inline float offer(
    float score, uint position, uint item_count, __global const int* item_rows,
    __global const ulong* seen_range,  // 2: where the user's part of `seen` begins and ends
    __global const int* seen, uint count, __global float* scores, __global int* rows)
{
    if (position >= item_count)
        return scores[0];
    const int row = item_rows[position];
    if (is_seen(seen, seen_range[0], seen_range[1], row))
        return scores[0];
    // The worst kept is on top of the heap: the new one replaces it and sinks.
    uint parent = 0;
    for (;;) {
        uint child = 2 * parent + 1;
        if (child >= count)
            break;
        if (child + 1 < count && scores[child + 1] < scores[child])
            ++child;
        if (scores[child] >= score)
            break;
        scores[parent] = scores[child];
        rows[parent] = rows[child];
        parent = child;
    }
    scores[parent] = score;
    rows[parent] = row;
    return scores[0];
}
