// What every kernel shares; KernelSource puts it before each of the other files.
//
// Defines (all have defaults, so that a file compiles alone):
//   RANK      length f of a factor vector
//   STRIDE    floats from one factor row to the next on the device: RANK rounded up to a multiple of 8; the padding is 0
//   IMPLICIT  0: ratings are values (explicit), 1: ratings are evidence of a preference (implicit)
//   RESIDUAL_TOLERANCE  conjugate gradients end where |b - A x| is at most this fraction of what it was
//   FIXED_HALF  0: fixed factors are 32-bit floats, 1: they are binary16 numbers, rows STRIDE of them apart
//   SEGMENTS    buffers that the fixed factors are in, 1 to 4: a device may not give one that is large enough
#ifndef RANK
#define RANK 64
#endif
#ifndef STRIDE
#define STRIDE ((RANK + 7) / 8 * 8)
#endif
#ifndef IMPLICIT
#define IMPLICIT 0
#endif

#ifndef FIXED_HALF
#define FIXED_HALF 0
#endif
#ifndef SEGMENTS
#define SEGMENTS 1
#endif
#ifndef RESIDUAL_TOLERANCE
#define RESIDUAL_TOLERANCE 1e-6f
#endif

// Fixed factors as a kernel's parameters, the same for every define: columns x STRIDE, in up to four buffers of as many rows each,
// of which the last may have fewer. The pointers say float whatever stands behind them.
//
// A kernel with FIXED_PARAMETERS(fixed) begins with `const FixedRows fixed_factors = FIXED_ROWS(fixed);`.
#define FIXED_PARAMETERS(name) \
    __global const float* restrict name##_0, __global const float* restrict name##_1, \
    __global const float* restrict name##_2, __global const float* restrict name##_3, const uint name##_rows

// Floats from one fixed row to the next.
#define FIXED_PITCH (FIXED_HALF ? STRIDE / 2 : STRIDE)

#if SEGMENTS == 1
typedef __global const float* restrict FixedRows;
#define FIXED_ROWS(name) name##_0
#else
typedef struct {
    __global const float* segment_0;
    __global const float* segment_1;
    __global const float* segment_2;
    __global const float* segment_3;
    uint rows_of_segment;
} FixedRows;
#define FIXED_ROWS(name) {name##_0, name##_1, name##_2, name##_3, name##_rows}
#endif

// Where a row begins whose rows are `pitch` floats apart.
static inline __global const float* pitched_row(const FixedRows fixed_factors, uint row, const uint pitch)
{
#if SEGMENTS == 1
    return fixed_factors + (size_t)row * pitch;
#else
    const uint rows = fixed_factors.rows_of_segment;
    __global const float* segment = row < rows ? fixed_factors.segment_0 : fixed_factors.segment_1;
    row = row < rows ? row : row - rows;
#if SEGMENTS > 2
    segment = row < rows ? segment : fixed_factors.segment_2;
    row = row < rows ? row : row - rows;
#endif
#if SEGMENTS > 3
    segment = row < rows ? segment : fixed_factors.segment_3;
    row = row < rows ? row : row - rows;
#endif
    return segment + (size_t)row * pitch;
#endif
}

// Where a row of the fixed factors begins.
static inline __global const float* fixed_row(const FixedRows fixed_factors, uint row)
{
    return pitched_row(fixed_factors, row, FIXED_PITCH);
}

// Eight, or four, fixed factors of a row from `index` on.
static inline float8 load_fixed8(__global const float* restrict fixed_row, size_t index)
{
#if FIXED_HALF
    return vload_half8(0, (__global const half*)fixed_row + index);
#else
    return vload8(0, fixed_row + index);
#endif
}

static inline float4 load_fixed4(__global const float* restrict fixed_row, size_t index)
{
#if FIXED_HALF
    return vload_half4(0, (__global const half*)fixed_row + index);
#else
    return vload4(0, fixed_row + index);
#endif
}

// A pivot of the Cholesky factorization at or below this fraction of its diagonal element is rounding noise. With
// regularization the matrix is positive definite, and only a breakdown of the arithmetic is refused; without, a pivot as small
// as the backward error of an f x f factorization tells that it is singular.
static inline float pivot_tolerance(float lambda)
{
    return (lambda > 0.0f ? 4.0f : RANK + 16.0f) * FLT_EPSILON;
}

// Indices into the status buffer: the lowest row whose matrix is singular, the lowest row that overflows; INT_MAX if none.
#define STATUS_SINGULAR 0
#define STATUS_OVERFLOW 1

// Weight of a rating in the Gramian: A += weight * y y'.
static inline float gramian_weight(float rating, float alpha)
{
    return IMPLICIT ? alpha * fabs(rating) : 1.0f;
}

// Weight of a rating on the right side: b += weight * y.
static inline float right_side_weight(float rating, float alpha)
{
    return IMPLICIT ? (rating > 0.0f ? 1.0f + alpha * rating : 0.0f) : rating;
}

// What the model's dot product is to come near.
static inline float target_of(float rating)
{
    return IMPLICIT ? (rating > 0.0f ? 1.0f : 0.0f) : rating;
}

static inline float sum8(float8 v)
{
    const float4 q = v.lo + v.hi;
    const float2 h = q.lo + q.hi;
    return h.x + h.y;
}

// Records that the factorization of a row's matrix failed at a pivot whose diagonal element was `diagonal`.
static inline void report_failure(__global int* status, int row, float diagonal)
{
    atomic_min(&status[isfinite(diagonal) ? STATUS_SINGULAR : STATUS_OVERFLOW], row);
}

// Records that a solution left the range of 32-bit arithmetic.
static inline void report_overflow(__global int* status, int row)
{
    atomic_min(&status[STATUS_OVERFLOW], row);
}
