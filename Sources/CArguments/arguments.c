#include "CArguments.h"

#include <stdlib.h>  // defines __GLIBC__ where it is glibc

static int count;
static char **values;

#if defined(__GLIBC__) || defined(__APPLE__)
// glibc and Darwin call constructors with the arguments of main; others do not.
__attribute__((constructor)) static void keep_arguments(int argc, char **argv)
{
    count = argc;
    values = argv;
}
#endif

int gpuals_argument_count(void) { return count; }
const char *gpuals_argument(int index) { return values[index]; }
