/* Calls libgpuals as a C program does: trains, folds in, finds the best, and is refused what cannot be. Argument: a device. */

#include <gpuals.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USERS = 12, ITEMS = 9, RANK = 4, N = 3 };

static int failures = 0;

#define EXPECT(condition, ...) \
  do { \
    if (!(condition)) { \
      failures++; \
      fprintf(stderr, "%s:%d: expected %s: ", __FILE__, __LINE__, #condition); \
      fprintf(stderr, __VA_ARGS__); \
      fprintf(stderr, "\n"); \
    } \
  } while (0)

static int32_t iterations;
static double last_measure;

static int32_t stop_after_two(void *context, int32_t iteration, double measure, double seconds) {
  (void)seconds;
  iterations = iteration;
  last_measure = measure;
  return iteration >= *(int32_t *)context;
}

/* Users 0 to 5 like items 0 to 3, the others 4 to 7; all know item 8. */
static int64_t offsets[USERS + 1];
static int32_t indices[USERS * ITEMS];
static float values[USERS * ITEMS];

static gpuals_csr ratings(void) {
  int64_t count = 0;
  for (int user = 0; user < USERS; user++) {
    for (int item = 0; item < ITEMS; item++) {
      if (item < 8 && (user + item) % 4 == 0) continue;
      indices[count] = item;
      values[count++] = item == 8 ? 3 : ((user < 6) == (item < 4)) ? 5 - (user + item) % 2 : 1 + (user + item) % 2;
    }
    offsets[user + 1] = count;
  }
  return (gpuals_csr){.rows = USERS, .columns = ITEMS, .offsets = offsets, .indices = indices, .values = values};
}

/* Solves the last user from those items alone that they rated, as a worker of a cluster does that was sent no others. */
static void solve_a_block(
  gpuals_device *device, const gpuals_parameters *parameters, const float *users, const float *items) {
  enum { FIRST = USERS - 1, ROWS = 1 };
  int32_t places[ITEMS], block_indices[ROWS * ITEMS], count = 0;
  int64_t block_offsets[ROWS + 1];
  float needed[ITEMS * RANK], gramian[RANK * RANK] = {0}, solved[ROWS * RANK];
  char message[256];
  for (int item = 0; item < ITEMS; item++) {
    places[item] = -1;
    for (int64_t k = offsets[FIRST]; k < offsets[USERS]; k++) {
      if (indices[k] == item) places[item] = count;
    }
    if (places[item] >= 0) memcpy(needed + RANK * count++, items + RANK * item, RANK * sizeof *items);
    for (int k = 0; k < RANK * RANK; k++) gramian[k] += items[RANK * item + k / RANK] * items[RANK * item + k % RANK];
  }
  EXPECT(count < ITEMS, "the user knows all items");
  for (int row = 0; row <= ROWS; row++) block_offsets[row] = offsets[FIRST + row] - offsets[FIRST];
  for (int64_t k = 0; k < block_offsets[ROWS]; k++) block_indices[k] = places[indices[offsets[FIRST] + k]];
  gpuals_csr block = {ROWS, count, block_offsets, block_indices, values + offsets[FIRST]};
  memcpy(solved, users + RANK * FIRST, sizeof solved);
  int32_t status = gpuals_solve_rows(device, parameters, &block, needed, gramian, solved, message, sizeof message);
  EXPECT(status == GPUALS_OK, "%d: %s", status, message);
  for (int k = 0; k < ROWS * RANK; k++) {
    float expected = users[RANK * FIRST + k];
    EXPECT(fabsf(solved[k] - expected) < (parameters->cg_steps ? 0.05f : 1e-4f), "%f, not %f", solved[k], expected);
  }
}

static void train_and_recommend(gpuals_device *device, int implicit, int cg_steps) {
  char message[256];
  gpuals_parameters parameters;
  gpuals_parameters_init(&parameters, sizeof parameters);
  EXPECT(parameters.rank == 64 && parameters.iterations == 10, "rank %d", parameters.rank);
  parameters.rank = RANK;
  parameters.iterations = 12;
  parameters.implicit = implicit;
  parameters.cg_steps = cg_steps;
  gpuals_csr matrix = ratings();
  float users[USERS * RANK], items[ITEMS * RANK];
  int32_t never = 1000;
  int32_t status = gpuals_fit(
    device, &parameters, &matrix, users, items, 0, stop_after_two, &never, message, sizeof message);
  EXPECT(status == GPUALS_OK && iterations == 12, "%d: %s", status, message);
  if (!implicit) EXPECT(last_measure < 0.5, "the error is %f", last_measure);

  /* The last half-step solved the users: the same once more is the same. */
  float again[USERS * RANK];
  memcpy(again, users, sizeof again);
  status = gpuals_solve_rows(device, &parameters, &matrix, items, NULL, again, message, sizeof message);
  EXPECT(status == GPUALS_OK, "%d: %s", status, message);
  for (int k = 0; k < USERS * RANK; k++) {
    EXPECT(fabsf(again[k] - users[k]) < (cg_steps ? 0.05f : 1e-4f), "factor %d: %f and %f", k, again[k], users[k]);
  }

  solve_a_block(device, &parameters, users, items);

  /* Going on from where it stopped is as if it had never stopped. */
  float first_users[USERS * RANK], first_items[ITEMS * RANK];
  parameters.iterations = 5;
  status = gpuals_fit(device, &parameters, &matrix, first_users, first_items, 0, NULL, NULL, message, sizeof message);
  EXPECT(status == GPUALS_OK, "%d: %s", status, message);
  parameters.iterations = 7;
  status = gpuals_fit(device, &parameters, &matrix, first_users, first_items, 1, NULL, NULL, message, sizeof message);
  EXPECT(status == GPUALS_OK && memcmp(first_users, users, sizeof users) == 0, "%d: %s", status, message);

  int32_t columns[USERS * N];
  float scores[USERS * N];
  status = gpuals_top_n(
    device, USERS, ITEMS, RANK, users, items, &matrix, N, columns, scores, message, sizeof message);
  EXPECT(status == GPUALS_OK, "%d: %s", status, message);
  /* Two items are left to each user: those with no rating, the better one first. */
  for (int user = 0; user < USERS; user++) {
    EXPECT(columns[user * N + 2] == -1, "user %d has item %d", user, columns[user * N + 2]);
    for (int place = 0; place < 2; place++) {
      int item = columns[user * N + place];
      EXPECT(item >= 0 && item < 8 && (user + item) % 4 == 0, "user %d gets item %d", user, item);
      float score = 0;
      for (int k = 0; k < RANK; k++) score += users[user * RANK + k] * items[item * RANK + k];
      EXPECT(fabsf(score - scores[user * N + place]) < 1e-5f, "user %d, item %d: %f and %f", user, item, score,
             scores[user * N + place]);
    }
    EXPECT(columns[user * N] != columns[user * N + 1] && scores[user * N] >= scores[user * N + 1], "user %d", user);
  }
}

/* Spark deals users out to blocks, and draws for those of a block in the order of their ids. */
static void spark_start(void) {
  static const int32_t ids[] = {7, -3, 1000000, 4, 12};
  /* Modulo 5, -3 is 2 as these are, and comes before them: without it, 7 gets what was its. */
  static const int32_t of_block_2[] = {12, 7};
  float factors[5 * RANK], again[5 * RANK], part[2 * RANK];
  char message[256];
  int32_t status = gpuals_spark_start(42, RANK, 5, 5, ids, factors, message, sizeof message);
  EXPECT(status == GPUALS_OK, "%d: %s", status, message);
  for (int row = 0; row < 5; row++) {
    float squares = 0;
    for (int k = 0; k < RANK; k++) squares += factors[row * RANK + k] * factors[row * RANK + k];
    EXPECT(fabsf(squares - 1) < 1e-6f, "row %d has a squared norm of %f", row, squares);
  }
  status = gpuals_spark_start(42, RANK, 5, 5, ids, again, message, sizeof message);
  EXPECT(status == GPUALS_OK && memcmp(factors, again, sizeof factors) == 0, "%d: %s", status, message);
  status = gpuals_spark_start(42, RANK, 5, 2, of_block_2, part, message, sizeof message);
  EXPECT(status == GPUALS_OK && memcmp(part + RANK, factors + RANK, RANK * sizeof *part) == 0, "%d: %s", status, message);
  status = gpuals_spark_start(43, RANK, 5, 5, ids, again, message, sizeof message);
  EXPECT(status == GPUALS_OK && memcmp(factors, again, sizeof factors) != 0, "%d: %s", status, message);
  status = gpuals_spark_start(42, RANK, 0, 5, ids, again, message, sizeof message);
  EXPECT(status == GPUALS_USAGE && strstr(message, "blocks"), "%d: %s", status, message);
  static const int32_t twice[] = {1, 1};
  status = gpuals_spark_start(42, RANK, 5, 2, twice, again, message, sizeof message);
  EXPECT(status == GPUALS_BAD_DATA, "%d: %s", status, message);
}

/* A progress function that does what it must not. */
static int32_t status_of_call;

static int32_t call_again(void *device, int32_t iteration, double measure, double seconds) {
  (void)iteration, (void)measure, (void)seconds;
  static const int64_t one[] = {0, 1};
  gpuals_csr row = {1, ITEMS, one, indices, values};
  float items[ITEMS * RANK] = {1}, user[RANK];
  gpuals_parameters parameters;
  gpuals_parameters_init(&parameters, sizeof parameters);
  parameters.rank = RANK;
  status_of_call = gpuals_solve_rows(device, &parameters, &row, items, NULL, user, NULL, 0);
  return 1;
}

/* Enough lists for a device to be asked, of factors whose order is plain: the best columns of a row are the last ones. */
static void many_lists(gpuals_device *device) {
  enum { ROWS = 20000, COLUMNS = 16000, WIDTH = 32, LISTS = 4 };
  float *rows = calloc((size_t)ROWS * WIDTH, sizeof *rows), *columns = calloc((size_t)COLUMNS * WIDTH, sizeof *columns);
  int32_t *best = malloc((size_t)ROWS * LISTS * sizeof *best);
  float *scores = malloc((size_t)ROWS * LISTS * sizeof *scores);
  char message[256];
  for (int row = 0; row < ROWS; row++) rows[(size_t)row * WIDTH + row % WIDTH] = 1;
  for (int column = 0; column < COLUMNS; column++) {
    for (int k = 0; k < WIDTH; k++) columns[(size_t)column * WIDTH + k] = (float)((column + k) % COLUMNS);
  }
  int32_t status = gpuals_top_n(device, ROWS, COLUMNS, WIDTH, rows, columns, NULL, LISTS, best, scores, message, sizeof message);
  EXPECT(status == GPUALS_OK, "%d: %s", status, message);
  for (int row = 0; row < ROWS; row++) {
    for (int place = 0; place < LISTS; place++) {
      int32_t column = COLUMNS - 1 - place - row % WIDTH;
      EXPECT(best[row * LISTS + place] == column && scores[row * LISTS + place] == (float)(COLUMNS - 1 - place),
             "row %d, place %d: %d", row, place, best[row * LISTS + place]);
    }
  }
  free(rows), free(columns), free(best), free(scores);
}

static void refusals(gpuals_device *device) {
  char message[256];
  gpuals_parameters parameters;
  gpuals_parameters_init(&parameters, sizeof parameters);
  parameters.rank = RANK;
  gpuals_csr matrix = ratings();
  float users[USERS * RANK], items[ITEMS * RANK];

  int32_t two = 2;
  int32_t status = gpuals_fit(device, &parameters, &matrix, users, items, 0, stop_after_two, &two, message, sizeof message);
  EXPECT(status == GPUALS_STOPPED && iterations == 2, "%d after %d", status, iterations);

  /* Whoever asks for no measure gets none. */
  parameters.unmeasured = 1;
  status = gpuals_fit(device, &parameters, &matrix, users, items, 0, stop_after_two, &two, message, sizeof message);
  EXPECT(status == GPUALS_STOPPED && isnan(last_measure), "%d, %f", status, last_measure);
  /* A program built against a header that ended before it gets measures, and what stands behind its parameters is not read. */
  parameters.size = offsetof(gpuals_parameters, unmeasured);
  status = gpuals_fit(device, &parameters, &matrix, users, items, 0, stop_after_two, &two, message, sizeof message);
  EXPECT(status == GPUALS_STOPPED && last_measure > 0, "%d, %f", status, last_measure);
  parameters.size = sizeof parameters + 8;
  status = gpuals_fit(device, &parameters, &matrix, users, items, 0, NULL, NULL, message, sizeof message);
  EXPECT(status == GPUALS_USAGE && strstr(message, "gpuals_parameters_init"), "%d: %s", status, message);
  /* What such a program has behind its parameters is not written to; one of a later header has more than is known here. */
  memset(&parameters, 0x55, sizeof parameters);
  gpuals_parameters_init(&parameters, offsetof(gpuals_parameters, unmeasured));
  EXPECT(parameters.size == offsetof(gpuals_parameters, unmeasured) && parameters.unmeasured == 0x55555555 && parameters.rank == 64,
         "%zu, %x", parameters.size, (unsigned)parameters.unmeasured);
  gpuals_parameters_init(&parameters, sizeof parameters + 64);
  EXPECT(parameters.size == sizeof parameters, "%zu", parameters.size);
  gpuals_parameters_init(&parameters, sizeof parameters);
  parameters.rank = RANK;

  uint64_t fingerprint = gpuals_fingerprint(&matrix);
  EXPECT(fingerprint != 0 && fingerprint == gpuals_fingerprint(&matrix), "%llu", (unsigned long long)fingerprint);
  values[3] += 1;
  EXPECT(fingerprint != gpuals_fingerprint(&matrix), "another matrix has it, too");
  matrix = ratings();

  indices[0] = ITEMS;
  status = gpuals_fit(device, &parameters, &matrix, users, items, 0, NULL, NULL, message, sizeof message);
  EXPECT(status == GPUALS_BAD_DATA && strstr(message, "column 9"), "%d: %s", status, message);
  matrix = ratings();
  values[3] = NAN;
  status = gpuals_fit(device, &parameters, &matrix, users, items, 0, NULL, NULL, message, sizeof message);
  EXPECT(status == GPUALS_BAD_DATA && strstr(message, "row 0"), "%d: %s", status, message);
  matrix = ratings();
  offsets[3] = -1;
  status = gpuals_solve_rows(device, &parameters, &matrix, items, NULL, users, message, sizeof message);
  EXPECT(status == GPUALS_BAD_DATA && strstr(message, "offsets"), "%d: %s", status, message);
  matrix = ratings();
  parameters.rank = 0;
  status = gpuals_fit(device, &parameters, &matrix, users, items, 0, NULL, NULL, message, sizeof message);
  EXPECT(status == GPUALS_USAGE && strstr(message, "rank"), "%d: %s", status, message);
  gpuals_parameters_init(&parameters, sizeof parameters);
  parameters.rank = RANK;
  matrix = ratings();
  items[RANK] = INFINITY;
  status = gpuals_solve_rows(device, &parameters, &matrix, items, NULL, users, message, sizeof message);
  EXPECT(status == GPUALS_BAD_DATA && strstr(message, "row 1 of fixed"), "%d: %s", status, message);
  status = gpuals_fit(device, &parameters, &matrix, users, items, 1, NULL, NULL, message, sizeof message);
  EXPECT(status == GPUALS_BAD_DATA && strstr(message, "row 1 of item_factors"), "%d: %s", status, message);
  items[RANK] = 0;
  float gramian[RANK * RANK] = {NAN};
  parameters.implicit = 1;
  status = gpuals_solve_rows(device, &parameters, &matrix, items, gramian, users, message, sizeof message);
  EXPECT(status == GPUALS_BAD_DATA && strstr(message, "row 0 of gramian"), "%d: %s", status, message);
  parameters.implicit = 0;

  /* Fewer ratings than the rank have no one solution without regularization, whatever rounding makes of it. */
  static const int64_t three[] = {0, RANK - 1};
  gpuals_csr few = {1, ITEMS, three, indices, values};
  parameters.regularization = 0;
  for (int k = 0; k < ITEMS * RANK; k++) items[k] = (float)((k * 7919) % 101) / 101;
  status = gpuals_solve_rows(device, &parameters, &few, items, NULL, users, message, sizeof message);
  EXPECT(status == GPUALS_USAGE && strstr(message, "singular"), "%d: %s", status, message);
  gpuals_parameters_init(&parameters, sizeof parameters);
  parameters.rank = RANK;

  /* Rows that know nothing need no pointers. */
  static const int64_t none_at_all[] = {0, 0, 0};
  gpuals_csr empty = {2, 0, none_at_all, NULL, NULL};
  users[0] = 7;
  status = gpuals_solve_rows(device, &parameters, &empty, NULL, NULL, users, message, sizeof message);
  EXPECT(status == GPUALS_OK && users[0] == 0 && users[2 * RANK - 1] == 0, "%d: %s", status, message);
  empty.rows = 0;
  status = gpuals_solve_rows(device, &parameters, &empty, NULL, NULL, NULL, message, sizeof message);
  EXPECT(status == GPUALS_OK, "%d: %s", status, message);
  empty.rows = -1;
  status = gpuals_solve_rows(device, &parameters, &empty, NULL, NULL, users, message, sizeof message);
  EXPECT(status == GPUALS_USAGE && strstr(message, "rows is -1, and has to be from 0"), "%d: %s", status, message);

  /* The device is at work while progress is told of. */
  status = gpuals_fit(device, &parameters, &matrix, users, items, 0, call_again, device, message, sizeof message);
  EXPECT(status == GPUALS_STOPPED && status_of_call == GPUALS_USAGE, "%d, %d", status, status_of_call);

  parameters.size = 3;
  status = gpuals_fit(device, &parameters, &matrix, users, items, 0, NULL, NULL, NULL, 0);
  EXPECT(status == GPUALS_USAGE, "%d", status);
  status = gpuals_fit(NULL, &parameters, &matrix, users, items, 0, NULL, NULL, message, 8);
  EXPECT(status == GPUALS_USAGE && strlen(message) == 7, "%d: %s", status, message);

  gpuals_device *none = device;
  status = gpuals_device_open("no such device", &none, message, sizeof message);
  EXPECT(status == GPUALS_USAGE && none == NULL && strstr(message, "no such device"), "%d: %s", status, message);
}

int main(int argc, char **argv) {
  char message[256] = "", name[128];
  gpuals_device *device;
  int32_t status = gpuals_device_open(argc > 1 ? argv[1] : "auto", &device, message, sizeof message);
  if (status != GPUALS_OK) {
    fprintf(stderr, "%s\n", message);
    return status;
  }
  EXPECT(gpuals_version() == GPUALS_VERSION, "version %d", gpuals_version());
  gpuals_device_name(device, name, sizeof name);
  EXPECT(strlen(name) > 0, "no name");
  for (int implicit = 0; implicit < 2; implicit++) {
    train_and_recommend(device, implicit, 0);
    train_and_recommend(device, implicit, 3);
  }
  if (strcmp(argc > 1 ? argv[1] : "auto", "reference") != 0) many_lists(device);
  spark_start();
  refusals(device);
  gpuals_device_close(device);
  gpuals_device_close(NULL);
  printf("libgpuals on %s: %d failures\n", name, failures);
  return failures > 0;
}
