// The package manager wants a source in every C target; the function itself comes with -sanitize=fuzzer.
#include "CFuzzer.h"
