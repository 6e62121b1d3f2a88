// Errors of the model, row by row; the host adds the rows up in 64-bit arithmetic.
//
// Defines: those of common.cl, and
//   WORK_GROUP_SIZE  work-items that share a row: 1 on CPUs (default), 32 or more on GPUs
// Numerics: 32-bit; the terms of a row are summed in blocks of 64, then the blocks, then the work-items.
#ifndef WORK_GROUP_SIZE
#define WORK_GROUP_SIZE 1
#endif
#define BLOCK 64

static inline float dot_rows(__global const float* restrict x, __global const float* restrict y)
{
    float8 s = 0.0f;
    for (uint j = 0; j < STRIDE; j += 8)
        s += vload8(0, x + j) * vload8(0, y + j);
    return sum8(s);
}

// The sum of `value` over the work-group, in work-item 0.
static inline float sum_over_group(float value, __local float* partial)
{
#if WORK_GROUP_SIZE == 1
    return value;
#else
    partial[get_local_id(0)] = value;
    barrier(CLK_LOCAL_MEM_FENCE);
    float total = 0.0f;
    if (get_local_id(0) == 0)
        for (uint k = 0; k < WORK_GROUP_SIZE; ++k)
            total += partial[k];
    return total;
#endif
}

// What a rating adds to the error, x'y being s: (target - s)^2. As a term of the implicit objective over all pairs, what it adds to
// the s^2 that the pair counts for without a rating: c (p - s)^2 - s^2.
static inline float rating_error(float rating, float s, float alpha, const int is_term)
{
    const float d = target_of(rating) - s;
    return is_term ? d * d - s * s + gramian_weight(rating, alpha) * d * d : d * d;
}

// The errors of a row's ratings, summed; for work-item 0.
static inline float row_error(
    __global const ulong* restrict row_offsets, __global const int* restrict columns, __global const float* restrict ratings,
    __global const float* restrict row_factors, const FixedRows fixed_factors, float alpha, const int is_term,
    __local float* partial)
{
    const size_t row = get_group_id(0);
    const ulong end = row_offsets[row + 1];
    __global const float* x = row_factors + row * STRIDE;
    float total = 0.0f;
    for (ulong start = row_offsets[row] + get_local_id(0); start < end; start += BLOCK * WORK_GROUP_SIZE) {
        const ulong block_end = min(end, start + BLOCK * WORK_GROUP_SIZE);
        float block = 0.0f;
        for (ulong e = start; e < block_end; e += WORK_GROUP_SIZE)
            block += rating_error(ratings[e], dot_rows(x, fixed_row(fixed_factors, columns[e])), alpha, is_term);
        total += block;
    }
    return sum_over_group(total, partial);
}

// errors[u] = sum over the row's ratings of (target - x'y)^2.
//
// Launch: one work-group of WORK_GROUP_SIZE for each row.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void squared_errors(
    __global const ulong* restrict row_offsets,     // rows + 1
    __global const int* restrict columns,           // entries
    __global const float* restrict ratings,         // entries
    __global const float* restrict row_factors,     // rows x STRIDE
    FIXED_PARAMETERS(fixed),                        // columns x STRIDE: the column factors, in 32 bits
    __global float* restrict errors)                // rows, written
{
    __local float partial[WORK_GROUP_SIZE];
    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    const float sum = row_error(row_offsets, columns, ratings, row_factors, fixed_factors, 0.0f, 0, partial);
    if (get_local_id(0) == 0)
        errors[get_group_id(0)] = sum;
}

// What the row's ratings change in the implicit objective over ALL columns: with s = x'y, a column without a rating adds s^2, and
// each rating replaces that by c (p - s)^2. errors[u] = sum over the row's ratings of c (p - s)^2 - s^2. The sum of s^2 over all
// pairs is that of the products of the elements of X'X and Y'Y, which the host adds.
//
// Launch: one work-group of WORK_GROUP_SIZE for each row.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void implicit_errors(
    __global const ulong* restrict row_offsets,     // rows + 1
    __global const int* restrict columns,           // entries
    __global const float* restrict ratings,         // entries
    __global const float* restrict row_factors,     // rows x STRIDE
    FIXED_PARAMETERS(fixed),                        // columns x STRIDE: the column factors, in 32 bits
    const float alpha,
    __global float* restrict errors)                // rows, written
{
    __local float partial[WORK_GROUP_SIZE];
    const FixedRows fixed_factors = FIXED_ROWS(fixed);
    const float sum = row_error(row_offsets, columns, ratings, row_factors, fixed_factors, alpha, 1, partial);
    if (get_local_id(0) == 0)
        errors[get_group_id(0)] = sum;
}

// penalties[u] = lambda n^nu |x_u|^2.
//
// Launch: work-groups of any size that cover the rows.
__kernel void row_penalties(
    __global const float* restrict factors,         // row_count x STRIDE
    __global const float* restrict regularization,  // row_count
    const uint row_count,
    __global float* restrict penalties)             // row_count, written
{
    const size_t row = get_global_id(0);
    if (row < row_count) {
        __global const float* x = factors + row * STRIDE;
        penalties[row] = regularization[row] * dot_rows(x, x);
    }
}
