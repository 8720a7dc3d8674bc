/* The part of a C library that MicroPython calls. */

#include <stdlib.h>
#include <string.h>

#include <math.h>

void *memcpy(void *to, const void *from, size_t size) { return __builtin_memcpy(to, from, size); }

void *memmove(void *to, const void *from, size_t size) { return __builtin_memmove(to, from, size); }

void *memset(void *to, int byte, size_t size) { return __builtin_memset(to, byte, size); }

int memcmp(const void *left, const void *right, size_t size) {
  const unsigned char *a = left, *b = right;
  for (; size; size--, a++, b++)
    if (*a != *b) return *a - *b;
  return 0;
}

void *memchr(const void *in, int byte, size_t size) {
  for (const unsigned char *at = in; size; size--, at++)
    if (*at == (unsigned char)byte) return (void *)at;
  return 0;
}

size_t strlen(const char *text) {
  size_t size = 0;
  while (text[size]) size++;
  return size;
}

int strcmp(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t size) {
  for (; size && *a && *a == *b; size--) a++, b++;
  return size ? (unsigned char)*a - (unsigned char)*b : 0;
}

char *strchr(const char *text, int character) {
  for (; *text != (char)character; text++)
    if (!*text) return 0;
  return (char *)text;
}

double fabs(double x) { return __builtin_fabs(x); }

double copysign(double x, double y) { return __builtin_copysign(x, y); }

double log2(double x) { return log(x) * 1.44269504088896340736; }

double nan(const char *payload) {
  (void)payload;
  return NAN;
}
