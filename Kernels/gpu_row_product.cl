// The product of a row's matrix A with a vector, without A: what gpu_conjugate_gradient.cl is made of. KernelSource puts it between
// common.cl and that file.
//
// A work-group has a row, or a part of it. It stages the rated factor rows in local memory, takes their dot products with the
// vector, a work-item a rating, and then their weighted sum, a work-item a factor. A vector is spread over the work-group: element
// c * WORK_GROUP_SIZE + local id is vector[c] of a work-item.
//
// Defines: those of common.cl, and
//   WORK_GROUP_SIZE  work-items of a work-group
//   PANEL_ROWS       ratings staged in local memory at a time
#ifndef WORK_GROUP_SIZE
#define WORK_GROUP_SIZE 64
#endif
#ifndef PANEL_ROWS
#define PANEL_ROWS 32
#endif

#define QUADS (STRIDE / 4)
// A staged row is padded by a quad, so that work-items at the same quad of neighbouring rows meet no bank twice.
#define PITCH (STRIDE + 4)
// Work-items that share a dot product, and factors of each work-item.
#if WORK_GROUP_SIZE >= 2 * PANEL_ROWS
#define SHARES (WORK_GROUP_SIZE / PANEL_ROWS)
#else
#define SHARES 1
#endif
#define COLUMNS ((STRIDE + WORK_GROUP_SIZE - 1) / WORK_GROUP_SIZE)
// Ratings that are added up in one accumulator before it is flushed: bounds the rounding error of long rows.
#define SUM_ROWS 2048

// The ratings that a work-group computes, and the local memory that it does it in.
typedef struct {
    __global const int* columns;
    __global const float* ratings;
    FixedRows fixed_factors;
    float alpha;
    ulong first;                         // rating
    uint count;                          // ratings
    __local float* panel;                // PANEL_ROWS x PITCH
    __local float* gramian_weights;      // PANEL_ROWS
    __local float* right_side_weights;   // PANEL_ROWS
    __local float* dots;                 // SHARES x PANEL_ROWS
} Work;

// The sum of a value over the work-group. `sums` has WORK_GROUP_SIZE.
static inline float sum_over_group(float value, __local float* sums)
{
    sums[get_local_id(0)] = value;
    barrier(CLK_LOCAL_MEM_FENCE);
    float sum = 0.0f;
    for (uint k = 0; k < WORK_GROUP_SIZE; ++k)
        sum += sums[k];
    barrier(CLK_LOCAL_MEM_FENCE);
    return sum;
}

// The sum of u v over all factors, of which each work-item has COLUMNS.
static inline float dot_over_group(const float* u, const float* v, __local float* sums)
{
    float sum = 0.0f;
    for (uint c = 0; c < COLUMNS; ++c)
        sum += u[c] * v[c];
    return sum_over_group(sum, sums);
}

static inline void stage(const Work* work, uint start, uint n)
{
    for (uint k = get_local_id(0); k < n * QUADS; k += WORK_GROUP_SIZE) {
        const uint row = k / QUADS, quad = k % QUADS;
        __global const float* y = fixed_row(work->fixed_factors, work->columns[work->first + start + row]);
        vstore4(load_fixed4(y, 4 * quad), 0, work->panel + row * PITCH + 4 * quad);
    }
    for (uint k = get_local_id(0); k < n; k += WORK_GROUP_SIZE) {
        const float rating = work->ratings[work->first + start + k];
        work->gramian_weights[k] = gramian_weight(rating, work->alpha);
        work->right_side_weights[k] = right_side_weight(rating, work->alpha);
    }
}

// product[j] += sum over the ratings of w (y'vector) y[j]; and right_side[j] += sum of v y[j] if asked for. All work-items call
// it; `vector`, in local memory, is complete before. `is_staged` says that the only panel is already in local memory.
static inline void add_ratings(
    const Work* work, const __local float* vector, int is_staged, int wants_right_side, float* product, float* right_side)
{
    const uint local_id = get_local_id(0);
    float part[COLUMNS], right_side_part[COLUMNS];
    for (uint c = 0; c < COLUMNS; ++c) {
        part[c] = 0.0f;
        right_side_part[c] = 0.0f;
    }
    for (uint start = 0; start < work->count; start += PANEL_ROWS) {
        const uint n = min((uint)PANEL_ROWS, work->count - start);
        if (!is_staged) {
            stage(work, start, n);
            barrier(CLK_LOCAL_MEM_FENCE);
        }
        for (uint k = local_id; k < SHARES * PANEL_ROWS; k += WORK_GROUP_SIZE)
            if (k % PANEL_ROWS < n) {
                const __local float* y = work->panel + k % PANEL_ROWS * PITCH;
                float4 sum = 0.0f;
                for (uint quad = k / PANEL_ROWS; quad < QUADS; quad += SHARES)
                    sum += vload4(quad, y) * vload4(quad, vector);
                work->dots[k] = sum.x + sum.y + sum.z + sum.w;
            }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint k = 0; k < n; ++k) {
            float dot = work->dots[k];
            for (uint share = 1; share < SHARES; ++share)
                dot += work->dots[share * PANEL_ROWS + k];
            const float weight = work->gramian_weights[k] * dot, right_side_weight = work->right_side_weights[k];
            for (uint c = 0; c < COLUMNS; ++c) {
                const uint j = c * WORK_GROUP_SIZE + local_id;
                if (j < STRIDE) {
                    const float y = work->panel[k * PITCH + j];
                    part[c] += weight * y;
                    if (wants_right_side)
                        right_side_part[c] += right_side_weight * y;
                }
            }
        }
        if (start + PANEL_ROWS >= work->count || (start + PANEL_ROWS) % SUM_ROWS < PANEL_ROWS)
            for (uint c = 0; c < COLUMNS; ++c) {
                product[c] += part[c];
                right_side[c] += right_side_part[c];
                part[c] = 0.0f;
                right_side_part[c] = 0.0f;
            }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
}

// product[j] += (Y'Y + lambda I)[j] vector
static inline void add_regularization(
    __global const float* restrict gramian, float lambda, const __local float* vector, float* product)
{
    for (uint c = 0; c < COLUMNS; ++c) {
        const uint j = c * WORK_GROUP_SIZE + get_local_id(0);
        if (j < STRIDE) {
            float sum = lambda * vector[j];
            if (IMPLICIT)
                for (uint i = 0; i < RANK; ++i)
                    sum += gramian[i * STRIDE + j] * vector[i];
            product[c] += sum;
        }
    }
}

static inline void load_vector(__global const float* source, float* vector)
{
    for (uint c = 0; c < COLUMNS; ++c) {
        const uint j = c * WORK_GROUP_SIZE + get_local_id(0);
        vector[c] = j < STRIDE ? source[j] : 0.0f;
    }
}

static inline void share_vector(const float* vector, __local float* shared)
{
    for (uint c = 0; c < COLUMNS; ++c) {
        const uint j = c * WORK_GROUP_SIZE + get_local_id(0);
        if (j < STRIDE)
            shared[j] = vector[c];
    }
}

static inline void store_vector(const float* vector, __global float* target)
{
    for (uint c = 0; c < COLUMNS; ++c) {
        const uint j = c * WORK_GROUP_SIZE + get_local_id(0);
        if (j < STRIDE)
            target[j] = vector[c];
    }
}

static inline void clear_vector(float* vector)
{
    for (uint c = 0; c < COLUMNS; ++c)
        vector[c] = 0.0f;
}
