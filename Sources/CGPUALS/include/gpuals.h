/* gpuals: alternating least squares for recommenders, on any OpenCL device.

   The C interface. Link with -lgpuals. Every function that can fail returns a status and writes why it failed, in one sentence of UTF-8,
   to the caller's `message` of `message_size` bytes (cut short where it does not fit; may be NULL with size 0). Buffers belong to the
   caller; those marked const are only read, and not kept after the call. Functions may be called from any thread; calls on one device
   take turns.

   Ratings are a sparse matrix in compressed sparse row form: entry k of row i stands at offsets[i] <= k < offsets[i + 1], with its column
   columns[k] and its value values[k]; columns ascend within a row. Factors are dense, row by row, 32-bit floats. */

#ifndef GPUALS_H
#define GPUALS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a function or a field is added. */
#define GPUALS_VERSION 1

/* The exit codes of the command line. */
enum gpuals_status {
  GPUALS_OK = 0,
  GPUALS_USAGE = 64,       /* a parameter without sense, or a system that this regularization does not solve */
  GPUALS_BAD_DATA = 65,    /* offsets, columns or values that are no matrix of numbers */
  GPUALS_UNAVAILABLE = 69, /* no such device, or out of its memory */
  GPUALS_SOFTWARE = 70,    /* a fault of gpuals, or of a driver */
  GPUALS_STOPPED = 130     /* the progress function asked for the end; the factors are those of the last iteration that ended */
};

/* Where to compute. */
typedef struct gpuals_device gpuals_device;

/* What is computed. Set by gpuals_parameters_init to the defaults of `gpuals train`. */
typedef struct gpuals_parameters {
  size_t size; /* by gpuals_parameters_init: as much of the struct as both the program's header and the library know */
  int32_t rank;
  int32_t iterations;
  double regularization;          /* lambda */
  double regularization_exponent; /* nu: 1 scales lambda by the number of ratings (ALS-WR, Spark), 0 does not (implicit) */
  int32_t implicit;               /* 0 explicit, 1 implicit feedback */
  double alpha;                   /* confidence 1 + alpha |r|, in implicit training */
  int32_t nonnegative;
  int32_t cg_steps;               /* 0: exact solution by Cholesky; else so many steps of conjugate gradients */
  int32_t half_precision;         /* 1: fixed factors in 16 bits */
  int32_t users_first;            /* 1: an iteration solves users first (implicit), 0: items first (Spark) */
  uint64_t seed;
  double initial_norm;            /* L2 norm of the initial factors of a row */
  int32_t unmeasured;             /* 1: the progress function gets a NaN for the measure, which spares a pass over the ratings */
} gpuals_parameters;

/* A sparse matrix. */
typedef struct gpuals_csr {
  int64_t rows;
  int64_t columns;
  const int64_t *offsets;  /* rows + 1 */
  const int32_t *indices;  /* offsets[rows] */
  const float *values;     /* offsets[rows] */
} gpuals_csr;

/* Called after each iteration on the thread that called gpuals_fit. It must not call the library with the same device, which is at work:
   such a call is refused. iteration is counted from 1; measure is the root mean squared error on the training ratings
   (explicit) or the objective (implicit), or NaN with parameters.unmeasured. Anything but 0 asks for the end. */
typedef int32_t (*gpuals_progress)(void *context, int32_t iteration, double measure, double seconds);

/* The version of the library that runs: GPUALS_VERSION of its header. */
int32_t gpuals_version(void);

/* The defaults.

   size   sizeof(gpuals_parameters): no more is written. Fields of a later header that the program does not know, and fields that an older
          library does not, are at their defaults whatever is there. NULL and 0 do nothing */
void gpuals_parameters_init(gpuals_parameters *parameters, size_t size);

/* Opens a device: "auto" (the best one), "reference" (plain Swift, no OpenCL), or its number in `gpuals devices`; several numbers with
   commas between them, "0,1", are devices that share the work. */
int32_t gpuals_device_open(const char *name, gpuals_device **device, char *message, size_t message_size);

/* What it is called, into a buffer of the caller's. */
void gpuals_device_name(const gpuals_device *device, char *name, size_t name_size);

/* Closes it. NULL is allowed. */
void gpuals_device_close(gpuals_device *device);

/* Trains.

   ratings        users x items
   user_factors   users x rank; in: the initial factors if start is 1; out: the result
   item_factors   items x rank; as user_factors
                  After an error they are as they were
   start          0: initial factors from the seed; 1: those in the buffers
   progress       may be NULL; then nothing is measured */
int32_t gpuals_fit(
  gpuals_device *device, const gpuals_parameters *parameters, const gpuals_csr *ratings, float *user_factors, float *item_factors,
  int32_t start, gpuals_progress progress, void *context, char *message, size_t message_size);

/* Solves a block of rows with the other side fixed: one half-step over some rows, as training does it. It folds in users that training did
   not know (from their ratings and the item factors), recalculates those that it did, and is what a cluster runs on each block.

   ratings   rows x fixed rows
   fixed     fixed rows x rank, finite
   gramian   rank x rank, in implicit training where `fixed` holds not all rows of its side but those alone that these ratings name:
             the sum of y y^T over all of them. NULL: that of `fixed`. Not read in explicit training
   solved    rows x rank; out. In: where conjugate gradients start; not read by the exact solver */
int32_t gpuals_solve_rows(
  gpuals_device *device, const gpuals_parameters *parameters, const gpuals_csr *ratings, const float *fixed, const float *gramian,
  float *solved, char *message, size_t message_size);

/* The user factors that Spark's ALS begins with (XORShiftRandom, hash partitioning, sorted ids in a block).

   seed     that of Spark's ALS
   blocks   its numUserBlocks
   ids      rows of them, all different: those of all users with ratings, or all of some of the blocks
   factors  rows x rank, in the order of the ids; out */
int32_t gpuals_spark_start(
  int64_t seed, int32_t rank, int32_t blocks, int64_t rows, const int32_t *ids, float *factors, char *message, size_t message_size);

/* A number that tells this matrix from others: `ratings_fingerprint` of a model directory's model.json. 0 where it is no matrix. */
uint64_t gpuals_fingerprint(const gpuals_csr *ratings);

/* The n best columns for each of some rows by the dot product of their factors, best first; ties in the order of the columns.

   device          of several devices the first one searches
   row_factors     rows x rank
   column_factors  columns x rank
   excluded        rows x columns: entries that are left out, such as items seen already; NULL for none (its values are not read)
   columns         rows x n; out: -1 behind the last one where there are fewer
   scores          rows x n; out */
int32_t gpuals_top_n(
  gpuals_device *device, int64_t rows, int64_t column_count, int32_t rank, const float *row_factors, const float *column_factors,
  const gpuals_csr *excluded, int32_t n, int32_t *columns, float *scores, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif

#endif
