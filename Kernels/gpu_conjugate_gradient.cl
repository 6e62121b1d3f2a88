// Half-step of alternating least squares by a few steps of the conjugate gradient method, shaped for GPUs, any rank. The
// specification is NormalEquations.conjugateGradient of ALSReference.
//
// A is never made: A p = sum over a row's ratings of w (y'p) y, + Y'Y p when implicit, + lambda p; see gpu_row_product.cl. A
// work-group computes one row; where all of its factor rows fit the local memory, they are read once for all steps. Of rows longer
// than the host's limit, many work-groups compute parts of each product, and one a row adds them up in order and takes the step.
//
// Defines: those of gpu_row_product.cl.
// Numerics: 32-bit. Within 1e-4 of ALSReference (relative Frobenius norm of the factors after three iterations of three steps).

// Writes a row's factors: x, or zeros where the right side is zero.
static inline void write_row(const float* x, int zero, int row, __global float* restrict factors, __global int* status)
{
    for (uint c = 0; c < COLUMNS; ++c) {
        const uint j = c * WORK_GROUP_SIZE + get_local_id(0);
        if (j < STRIDE) {
            const float value = zero ? 0.0f : x[c];
            if (!isfinite(value))
                report_overflow(status, row);
            factors[(size_t)row * STRIDE + j] = value;
        }
    }
}

// One step along `direction` whose image is A direction: x, residual and direction change, and |residual|^2 with them. Without
// positive curvature nothing changes but `active`, which becomes 0. All work-items call it.
static inline void take_step(
    float* x, float* residual, float* direction, const float* image, float tolerance, float* squared, int* active,
    __local float* sums)
{
    const float curvature = dot_over_group(direction, image, sums);
    const int moves = *active && curvature > 0.0f;
    const float length = moves ? *squared / curvature : 0.0f;
    for (uint c = 0; c < COLUMNS; ++c) {
        x[c] += length * direction[c];
        residual[c] -= length * image[c];
    }
    const float next = dot_over_group(residual, residual, sums);
    const float share = moves ? next / *squared : 0.0f;
    if (moves) {
        for (uint c = 0; c < COLUMNS; ++c)
            direction[c] = residual[c] + share * direction[c];
        *squared = next;
    }
    // Written so that a NaN ends it.
    *active = moves && next > tolerance;
}

// Launch: one work-group of WORK_GROUP_SIZE for each row.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_conjugate_gradient_half_step(
    __global const int* restrict whole_rows,       // rows, longest first
    const uint steps,
    __global const ulong* restrict row_offsets,    // rows + 1
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    FIXED_PARAMETERS(fixed),                       // columns x STRIDE
    __global float* restrict factors,              // rows x STRIDE: where to start, and the result
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, all of it; not read when explicit
    __global int* status,                          // 2: see common.cl
    const float alpha)
{
    __local __attribute__((aligned(16))) float panel[PANEL_ROWS * PITCH], vector[STRIDE];
    __local float gramian_weights[PANEL_ROWS], right_side_weights[PANEL_ROWS], dots[SHARES * PANEL_ROWS];
    __local float sums[WORK_GROUP_SIZE];

    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    const int row = whole_rows[get_group_id(0)];
    const ulong first = row_offsets[row];
    const Work work = {columns, ratings, fixed_factors, alpha, first, (uint)(row_offsets[row + 1] - first),
                       panel, gramian_weights, right_side_weights, dots};
    const float lambda = regularization[row];
    float x[COLUMNS], residual[COLUMNS], direction[COLUMNS], image[COLUMNS], right_side[COLUMNS];
    load_vector(factors + (size_t)row * STRIDE, x);
    share_vector(x, vector);
    clear_vector(image);
    clear_vector(right_side);
    barrier(CLK_LOCAL_MEM_FENCE);
    add_ratings(&work, vector, 0, 1, image, right_side);
    add_regularization(gramian, lambda, vector, image);
    for (uint c = 0; c < COLUMNS; ++c)
        direction[c] = residual[c] = right_side[c] - image[c];
    const float squared_right_side = dot_over_group(right_side, right_side, sums);
    float squared = dot_over_group(residual, residual, sums);
    const float tolerance = RESIDUAL_TOLERANCE * RESIDUAL_TOLERANCE * squared;
    int active = squared > tolerance && squared_right_side > 0.0f;
    for (uint step = 0; step < steps && active; ++step) {
        share_vector(direction, vector);
        clear_vector(image);
        barrier(CLK_LOCAL_MEM_FENCE);
        add_ratings(&work, vector, work.count <= PANEL_ROWS, 0, image, right_side);
        add_regularization(gramian, lambda, vector, image);
        take_step(x, residual, direction, image, tolerance, &squared, &active, sums);
    }
    if (!isfinite(squared) || !isfinite(squared_right_side))
        report_overflow(status, row);
    write_row(x, squared_right_side == 0.0f, row, factors, status);
}

// What is kept of a long row from kernel to kernel: direction, residual, |residual|^2, the tolerance, and whether it goes on.
#define STATE_FLOATS (2 * STRIDE + 4)

// Launch: one work-group of WORK_GROUP_SIZE for each part of a long row.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_conjugate_gradient_part(
    __global const uint4* restrict parts,          // number of the long row, first rating within the row, number of ratings, slot
    __global const uint4* restrict long_rows,      // row, first slot, number of slots, unused
    const uint is_first,                           // 1: A x and b, 0: A times the direction of search
    __global const ulong* restrict row_offsets,    // rows + 1
    __global const int* restrict columns,          // entries: rows of the fixed factors
    __global const float* restrict ratings,        // entries
    FIXED_PARAMETERS(fixed),                       // columns x STRIDE
    __global const float* restrict factors,        // rows x STRIDE: x
    const float alpha,
    __global const float* restrict states,         // long rows x STATE_FLOATS
    __global float* restrict partials)             // slots x 2 x STRIDE: parts of the product and of b, written
{
    __local __attribute__((aligned(16))) float panel[PANEL_ROWS * PITCH], vector[STRIDE];
    __local float gramian_weights[PANEL_ROWS], right_side_weights[PANEL_ROWS], dots[SHARES * PANEL_ROWS];

    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    const uint4 part = parts[get_group_id(0)];
    const uint row = long_rows[part.x].x;
    __global const float* state = states + part.x * (size_t)STATE_FLOATS;
    const int is_wanted = is_first || state[2 * STRIDE + 2] != 0.0f;
    const Work work = {columns, ratings, fixed_factors, alpha, row_offsets[row] + part.y, is_wanted ? part.z : 0,
                       panel, gramian_weights, right_side_weights, dots};
    float given[COLUMNS], product[COLUMNS], right_side[COLUMNS];
    load_vector(is_first ? factors + (size_t)row * STRIDE : state, given);
    share_vector(given, vector);
    clear_vector(product);
    clear_vector(right_side);
    barrier(CLK_LOCAL_MEM_FENCE);
    add_ratings(&work, vector, 0, is_first, product, right_side);
    store_vector(product, partials + part.w * (size_t)(2 * STRIDE));
    store_vector(right_side, partials + part.w * (size_t)(2 * STRIDE) + STRIDE);
}

// Adds up the parts of the long rows, in order, and takes a step; the first time, what comes before the first step.
//
// Launch: one work-group of WORK_GROUP_SIZE for each long row.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void gpu_conjugate_gradient_step(
    __global const uint4* restrict long_rows,      // row, first slot, number of slots, unused
    const uint is_first,
    __global const float* restrict partials,       // slots x 2 x STRIDE
    __global float* restrict states,               // long rows x STATE_FLOATS
    __global float* restrict factors,              // rows x STRIDE: x
    __global const float* restrict regularization, // rows: lambda n^nu
    __global const float* restrict gramian,        // STRIDE x STRIDE: Y'Y, all of it; not read when explicit
    __global int* status)                          // 2: see common.cl
{
    __local __attribute__((aligned(16))) float vector[STRIDE];
    __local float sums[WORK_GROUP_SIZE];

    const uint4 long_row = long_rows[get_group_id(0)];
    const int row = (int)long_row.x;
    __global float* state = states + get_group_id(0) * (size_t)STATE_FLOATS;
    float x[COLUMNS], residual[COLUMNS], direction[COLUMNS], image[COLUMNS], right_side[COLUMNS], part[COLUMNS];
    clear_vector(image);
    clear_vector(right_side);
    for (uint slot = 0; slot < long_row.z; ++slot) {
        __global const float* source = partials + ((size_t)long_row.y + slot) * (2 * STRIDE);
        load_vector(source, part);
        for (uint c = 0; c < COLUMNS; ++c)
            image[c] += part[c];
        load_vector(source + STRIDE, part);
        for (uint c = 0; c < COLUMNS; ++c)
            right_side[c] += part[c];
    }
    load_vector(factors + (size_t)row * STRIDE, x);
    load_vector(state, direction);
    load_vector(state + STRIDE, residual);
    share_vector(is_first ? x : direction, vector);
    float squared = state[2 * STRIDE], tolerance = state[2 * STRIDE + 1];
    int active = state[2 * STRIDE + 2] != 0.0f, zero = 0;
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    add_regularization(gramian, regularization[row], vector, image);
    if (is_first) {
        for (uint c = 0; c < COLUMNS; ++c)
            direction[c] = residual[c] = right_side[c] - image[c];
        const float squared_right_side = dot_over_group(right_side, right_side, sums);
        squared = dot_over_group(residual, residual, sums);
        tolerance = RESIDUAL_TOLERANCE * RESIDUAL_TOLERANCE * squared;
        active = squared > tolerance && squared_right_side > 0.0f;
        zero = squared_right_side == 0.0f;
        if (!isfinite(squared_right_side))
            report_overflow(status, row);
    } else {
        take_step(x, residual, direction, image, tolerance, &squared, &active, sums);
    }
    if (!isfinite(squared))
        report_overflow(status, row);
    store_vector(direction, state);
    store_vector(residual, state + STRIDE);
    if (get_local_id(0) == 0) {
        state[2 * STRIDE] = squared;
        state[2 * STRIDE + 1] = tolerance;
        state[2 * STRIDE + 2] = active ? 1.0f : 0.0f;
    }
    write_row(x, zero, row, factors, status);
}
