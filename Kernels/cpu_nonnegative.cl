// Rows with factors of 0 or above, on CPUs: the x >= 0 with the least x'Ax / 2 - b'x, by block principal pivoting (Kim and Park
// 2011, Fast nonnegative matrix factorization, section 3). KernelSource puts it before cpu_cholesky.cl.
//
// Some factors are free, the others zero. With the free ones solved for, those below zero and those at zero with a slope downwards
// change places, all at once while that makes fewer of them; else the last of them alone, which ends for certain. A step costs a
// factorization; from the row's present factors few are needed.
//
// Defines: those of cpu_tiles.cl and nonnegative.cl.
#if NONNEGATIVE
// Solves for x, which holds a start; A's upper triangle is complete but for lambda. `copy` has room for another matrix, and the
// vectors for STRIDE elements each. Returns STRIDE, or the first index of a block of four with a pivot that is not positive.
static inline uint solve_nonnegative(
    __global float* restrict a, __global float* restrict copy, float lambda, __global const float* restrict b,
    __global float* restrict diagonal, __global float* restrict inverse_pivots, __global float* restrict right_side,
    __global float* restrict slope, __global float* restrict is_free, __global float* restrict x)
{
    float largest_b = 0.0f;
    for (uint i = 0; i < STRIDE; ++i) {
        a[i * LDA + i] += i < RANK ? lambda : 1.0f;
        for (uint j = 0; j < i; ++j)
            a[i * LDA + j] = a[j * LDA + i];
        largest_b = fmax(largest_b, fabs(b[i]));
        is_free[i] = i < RANK && (i >= BOUNDED || x[i] > 0.0f) ? 1.0f : 0.0f;
    }
    uint fewest = STRIDE + 1, patience = PIVOTING_PATIENCE;
    for (uint step = 0; step < MOST_PIVOTING_STEPS; ++step) {
        // The equations of the free factors; x = 0 stands for the others.
        for (uint i = 0; i < STRIDE; ++i) {
            for (uint j = i & ~7u; j < STRIDE; j += 8)
                store8(is_free[i] * load8(is_free + j, 0) * load8(a + i * LDA + j, 0), copy + i * LDA + j, 0);
            if (is_free[i] == 0.0f)
                copy[i * LDA + i] = 1.0f;
            diagonal[i] = copy[i * LDA + i];
            right_side[i] = is_free[i] * b[i];
        }
        const uint solved = factorize(copy, STRIDE, diagonal, pivot_tolerance(lambda), inverse_pivots, right_side);
        if (solved < STRIDE)
            return solved;
        back_substitute(copy, STRIDE, inverse_pivots, right_side, x);

        for (uint j = 0; j < STRIDE; j += 8) {
            float8 s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f;
            for (uint i = 0; i < STRIDE; i += 4) {
                s0 += x[i] * load8(a + i * LDA + j, 0);
                s1 += x[i + 1] * load8(a + (i + 1) * LDA + j, 0);
                s2 += x[i + 2] * load8(a + (i + 2) * LDA + j, 0);
                s3 += x[i + 3] * load8(a + (i + 3) * LDA + j, 0);
            }
            store8((s0 + s1) + (s2 + s3) - load8(b + j, 0), slope + j, 0);
        }
        float largest_x = 0.0f;
        for (uint i = 0; i < RANK; ++i)
            largest_x = fmax(largest_x, fabs(x[i]));
        uint count = 0, last = 0;
        for (uint i = 0; i < BOUNDED; ++i) {
            const int is_wrong =
                is_free[i] != 0.0f ? x[i] < -FACTOR_NOISE * largest_x : slope[i] < -SLOPE_NOISE * largest_b;
            // From here on, the sign of the slope says who changes places.
            slope[i] = is_wrong ? -1.0f : 1.0f;
            count += is_wrong;
            last = is_wrong ? i : last;
        }
        if (count == 0)
            break;
        int one_alone = 0;
        if (count < fewest) {
            fewest = count;
            patience = PIVOTING_PATIENCE;
        } else if (patience > 0) {
            --patience;
        } else {
            one_alone = 1;
        }
        for (uint i = 0; i < BOUNDED; ++i)
            if (slope[i] < 0.0f && (!one_alone || i == last))
                is_free[i] = 1.0f - is_free[i];
    }
    // A NaN stays one, to be reported.
    for (uint i = 0; i < BOUNDED; ++i)
        x[i] = x[i] < 0.0f ? 0.0f : x[i];
    return STRIDE;
}
#endif
