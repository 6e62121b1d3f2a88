// Half-step of alternating least squares by conjugate gradient steps from the present factors, shaped for CPUs.
//
// For each row: A = G + sum w y y' + lambda I and b = sum v y over the row's ratings, never formed: A p is computed from the
// factors that the ratings name. One work-item computes a whole row, without barriers, four ratings at a time.
//
// Defines: those of cpu_tiles.cl, and
//   SUM_ROWS  ratings that are added up in one accumulator before it is flushed: bounds the rounding error of long rows
// Numerics: 32-bit. After three steps in each of several iterations, within 1e-4 of the same steps in 64-bit arithmetic.
#ifndef SUM_ROWS
#define SUM_ROWS 256
#endif

// A work-item's scratch: the Gramian with both triangles, then five vectors.
#define SCRATCH_FLOATS (STRIDE * LDA + 5 * STRIDE)

static inline float dot(__global const float* restrict a, __global const float* restrict b)
{
    float8 s = 0.0f;
    for (uint j = 0; j < STRIDE; j += 8)
        s += load8(a + j, 0) * load8(b + j, 0);
    return sum8(s);
}

// out = sum over the ratings of (v - w y'p) y - lambda p - G p for is_residual = 1: b - A p;
// out = sum over the ratings of w y'p y + lambda p + G p for is_residual = 0: A p.
static inline void apply(
    const int is_residual, const FixedRows fixed_factors, __global const int* restrict columns,
    __global const float* restrict ratings, ulong count, float lambda, __global const float* restrict g, float alpha,
    __global const float* restrict p, __global float* restrict part, __global float* restrict out)
{
    const float sign = is_residual ? -1.0f : 1.0f;
    for (uint j = 0; j < STRIDE; j += 8) {
        float8 s0 = lambda * load8(p + j, 0), s1 = 0.0f, s2 = 0.0f, s3 = 0.0f;
        // Four sums, for one alone would wait for its own additions.
        if (IMPLICIT)
            for (uint i = 0; i < STRIDE; i += 4) {
                s0 += p[i] * load8(g + i * LDA + j, 0);
                s1 += p[i + 1] * load8(g + (i + 1) * LDA + j, 0);
                s2 += p[i + 2] * load8(g + (i + 2) * LDA + j, 0);
                s3 += p[i + 3] * load8(g + (i + 3) * LDA + j, 0);
            }
        store8(sign * (s0 + s1 + (s2 + s3)), out + j, 0);
    }
    for (ulong block = 0; block < count; block += SUM_ROWS) {
        const ulong end = min(count, block + SUM_ROWS);
        clear_row(part);
        for (ulong k = block; k < end; k += 4) {
            // The last ratings of a row stand for those that are missing, with the weight zero.
            const ulong k1 = min(k + 1, end - 1), k2 = min(k + 2, end - 1), k3 = min(k + 3, end - 1);
            __global const float* y0 = fixed_row(fixed_factors, columns[k]);
            __global const float* y1 = fixed_row(fixed_factors, columns[k1]);
            __global const float* y2 = fixed_row(fixed_factors, columns[k2]);
            __global const float* y3 = fixed_row(fixed_factors, columns[k3]);
            for (ulong next = k + RATINGS_AHEAD; is_residual && next < min(k + RATINGS_AHEAD + 4, count); ++next)
                prefetch_fixed_row(fixed_factors, columns[next]);
            float8 s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f;
            for (uint j = 0; j < STRIDE; j += 8) {
                const float8 pj = load8(p + j, 0);
                s0 += load_fixed_aligned8(y0, j) * pj;
                s1 += load_fixed_aligned8(y1, j) * pj;
                s2 += load_fixed_aligned8(y2, j) * pj;
                s3 += load_fixed_aligned8(y3, j) * pj;
            }
            const float4 products = sums8(s0, s1, s2, s3);
#define WEIGHT(r, product) \
    (sign * gramian_weight(r, alpha) * product + (is_residual ? right_side_weight(r, alpha) : 0.0f))
            const float c0 = WEIGHT(ratings[k], products.x);
            const float c1 = k + 1 < end ? WEIGHT(ratings[k1], products.y) : 0.0f;
            const float c2 = k + 2 < end ? WEIGHT(ratings[k2], products.z) : 0.0f;
            const float c3 = k + 3 < end ? WEIGHT(ratings[k3], products.w) : 0.0f;
#undef WEIGHT
            for (uint j = 0; j < STRIDE; j += 8)
                store8(
                    load8(part + j, 0) + c0 * load_fixed_aligned8(y0, j)
                        + c1 * load_fixed_aligned8(y1, j)
                        + c2 * load_fixed_aligned8(y2, j)
                        + c3 * load_fixed_aligned8(y3, j),
                    part + j, 0);
        }
        for (uint j = 0; j < STRIDE; j += 8)
            store8(load8(out + j, 0) + load8(part + j, 0), out + j, 0);
    }
}

// Improves the solution of every row of one side. Work-items take batches of rows from a common counter until none is left.
//
// Launch: any number of work-groups of 1; as many as there are scratch areas.
__kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void cpu_conjugate_gradient_half_step(
    __global const int* restrict row_order,        // rows in the order in which they are taken
    __global const uint* restrict batch_starts,    // batch_count + 1: batch k is row_order[batch_starts[k] ..< batch_starts[k + 1]]
    const uint batch_count,
    __global float* restrict scratch,              // work-groups x SCRATCH_FLOATS
    __global int* next_batch,                      // 1: the counter, 0 at the start
    const uint steps,                              // at most
    __global const ulong* restrict row_offsets,    // rows + 1: entries of row u are row_offsets[u] ..< row_offsets[u + 1]
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    FIXED_PARAMETERS(fixed),                       // columns x STRIDE, in the precision of FIXED_HALF
    __global float* restrict factors,              // rows x STRIDE, read and written
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, upper triangle; not read when explicit
    __global int* status,                          // 2: see common.cl
    const float alpha)
{
    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    __global float* residual = scratch + get_group_id(0) * (size_t)SCRATCH_FLOATS;
    __global float* direction = residual + STRIDE;
    __global float* image = direction + STRIDE;
    __global float* solution = image + STRIDE;
    __global float* part = solution + STRIDE;
    __global float* g = part + STRIDE;
    if (IMPLICIT)
        for (uint i = 0; i < STRIDE; ++i)
            for (uint j = i; j < STRIDE; ++j) {
                g[i * LDA + j] = gramian[i * STRIDE + j];
                g[j * LDA + i] = gramian[i * STRIDE + j];
            }

    const uint row_count = batch_starts[batch_count];
    for (uint batch = atomic_inc(next_batch); batch < batch_count; batch = atomic_inc(next_batch)) {
        const uint end = batch_starts[batch + 1];
        for (uint position = batch_starts[batch]; position < end; ++position) {
            const int row = row_order[position];
            const ulong first = row_offsets[row];
            const ulong count = row_offsets[row + 1] - first;
            const float lambda = regularization[row];
            prefetch_row_ahead(row_order, position, row_count, row_offsets, columns, fixed_factors);
            __global float* x = factors + (size_t)row * STRIDE;

            int nothing_wanted = 1;
            for (ulong k = first; k < first + count && nothing_wanted; ++k)
                nothing_wanted = right_side_weight(ratings[k], alpha) == 0.0f;
            if (nothing_wanted) {
                clear_row(x);
                continue;
            }

            for (uint j = 0; j < STRIDE; j += 8)
                store8(load8(x + j, 0), solution + j, 0);
            apply(1, fixed_factors, columns + first, ratings + first, count, lambda, g, alpha, solution, part, residual);
            for (uint j = 0; j < STRIDE; j += 8)
                store8(load8(residual + j, 0), direction + j, 0);
            float squared = dot(residual, residual);
            const float enough = RESIDUAL_TOLERANCE * RESIDUAL_TOLERANCE * squared;
            for (uint step = 0; step < steps && squared > enough; ++step) {
                apply(0, fixed_factors, columns + first, ratings + first, count, lambda, g, alpha, direction, part, image);
                const float curvature = dot(direction, image);
                if (!(curvature > 0.0f))
                    break;
                const float length = squared / curvature;
                float8 sum = 0.0f;
                for (uint j = 0; j < STRIDE; j += 8) {
                    const float8 r = load8(residual + j, 0) - length * load8(image + j, 0);
                    store8(load8(solution + j, 0) + length * load8(direction + j, 0), solution + j, 0);
                    store8(r, residual + j, 0);
                    sum += r * r;
                }
                const float next = sum8(sum);
                const float ratio = next / squared;
                squared = next;
                for (uint j = 0; j < STRIDE; j += 8)
                    store8(load8(residual + j, 0) + ratio * load8(direction + j, 0), direction + j, 0);
            }

            float8 sum = 0.0f;
            for (uint j = 0; j < STRIDE; j += 8) {
                store8(load8(solution + j, 0), x + j, 0);
                sum += load8(solution + j, 0);
            }
            // An infinite curvature leaves the solution finite, but the row is beyond 32 bits all the same.
            if (!isfinite(sum8(sum)) || !isfinite(squared))
                report_overflow(status, row);
        }
    }
}
