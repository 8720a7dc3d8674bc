#pragma once

#include <stdint.h>

/* Take memory from here on. */
void heap_start(uintptr_t start);
