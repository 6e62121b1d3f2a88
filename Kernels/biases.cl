// What training with biases adds to a half-step: r ~ mean + b_row + b_column + x'y. A side's bias is solved as the last of RANK unknowns,
// the coefficient of a 1 that stands in its place on the other side; the other side's biases and the mean are taken off the
// ratings beforehand.
//
// Defines: those of common.cl, and
//   WORK_GROUP_SIZE  work-items that share a row of ratings: 1 on CPUs (default), 32 or more on GPUs
#ifndef WORK_GROUP_SIZE
#define WORK_GROUP_SIZE 1
#endif

// left[e] = ratings[e] - mean - column_biases[column of e], less row_biases[row] - 1 if `with_rows`: the scores that it is compared with
// then hold the product of both ones.
//
// Launch: one work-group of WORK_GROUP_SIZE for each row.
__kernel __attribute__((reqd_work_group_size(WORK_GROUP_SIZE, 1, 1)))
void take_off_biases(
    __global const ulong* restrict row_offsets,     // rows + 1
    __global const int* restrict columns,           // entries
    __global const float* restrict ratings,         // entries
    const float mean,
    __global const float* restrict column_biases,   // columns
    __global const float* restrict row_biases,      // all rows of the side
    const uint first_row,                           // of this block in row_biases
    const uint with_rows,                           // 0 or 1
    __global float* restrict left)                  // entries, written
{
    const size_t row = get_group_id(0);
    const float offset = mean + (with_rows ? row_biases[first_row + row] - 1.0f : 0.0f);
    const ulong end = row_offsets[row + 1];
    for (ulong e = row_offsets[row] + get_local_id(0); e < end; e += WORK_GROUP_SIZE)
        left[e] = ratings[e] - (offset + column_biases[columns[e]]);
}

// Takes the solved biases out of the factors, and puts ones in their place.
//
// Launch: work-groups of any size that cover the rows.
__kernel void take_out_biases(
    __global float* restrict factors,               // row_count x STRIDE, changed
    const uint row_count,
    const uint first_row,                           // of these in biases
    __global float* restrict biases)                // all rows of the side, written
{
    const size_t row = get_global_id(0);
    if (row < row_count) {
        biases[first_row + row] = factors[row * STRIDE + RANK - 1];
        factors[row * STRIDE + RANK - 1] = 1.0f;
    }
}

// Puts the biases back in the place of the ones: where a solver starts, and what the penalty counts.
//
// Launch: work-groups of any size that cover the rows.
__kernel void put_in_biases(
    __global float* restrict factors,               // row_count x STRIDE, changed
    const uint row_count,
    const uint first_row,                           // of these in biases
    __global const float* restrict biases)          // all rows of the side
{
    const size_t row = get_global_id(0);
    if (row < row_count)
        factors[row * STRIDE + RANK - 1] = biases[first_row + row];
}
