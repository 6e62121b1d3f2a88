// What the kernels that solve for factors of 0 or above agree on. KernelSource puts it before them; cpu_nonnegative.cl says how
// they solve.
//
// Defines:
//   NONNEGATIVE  1: rows are solved so (default 0)
//   UNBOUNDED    how many of the last of the RANK unknowns are free in any case (default 0)
#ifndef NONNEGATIVE
#define NONNEGATIVE 0
#endif
#ifndef UNBOUNDED
#define UNBOUNDED 0
#endif
#define BOUNDED (RANK - UNBOUNDED)

// Below these shares of the largest factor and the largest right side, a wrong sign is rounding.
#define FACTOR_NOISE 1e-6f
#define SLOPE_NOISE 4e-6f
// Steps that may fail to make fewer factors change places, one after another, before they change one at a time.
#define PIVOTING_PATIENCE 3
// Far more steps than the method takes; rounding might keep it going.
#define MOST_PIVOTING_STEPS (3 * STRIDE + 50)
