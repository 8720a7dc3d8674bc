#include_next <limits.h>
#define SSIZE_MAX LONG_MAX
