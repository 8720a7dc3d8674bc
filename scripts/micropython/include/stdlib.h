#pragma once
#include <stddef.h>
void abort(void) __attribute__((noreturn));
void *malloc(size_t); void free(void*); void *realloc(void*,size_t);
