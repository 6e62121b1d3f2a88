// The arguments of the process as the C runtime handed them over. Swift's own CommandLine reads /proc/self/cmdline, which is
// missing in a bare chroot or container.
#ifndef GPUALS_C_ARGUMENTS_H
#define GPUALS_C_ARGUMENTS_H

// Number of arguments, the program's name included; 0 where the C runtime does not tell.
int gpuals_argument_count(void);
// Argument `index`, 0 ..< gpuals_argument_count().
const char *gpuals_argument(int index);

#endif
