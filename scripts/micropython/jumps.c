/* Long jumps in a module that has no exceptions.
 *
 * clang's lowering (LowerEmscriptenEHSjLj) gives each function that calls setjmp a table of its calls of
 * it, and lets it make every other call through `invoke_…`, after which it looks whether a jump is under
 * way. What is left for us is the jump itself: lower_jumps.py rewrites the linked module so that after
 * each call a function returns at once while the flag is up, as far as the next `invoke_…`. */

#include <stddef.h>
#include <stdint.h>

typedef uintptr_t word;

typedef struct {
  word id;
  uint32_t label;
} entry;

/* What the lowering asks for: the size of one function's table. */
enum { TABLE_BYTES = 40 };

word __THREW__;
int __threwValue;
static uint32_t second_result;

static struct {
  word id;
  int value;
} jump;

/* The flag is a global of the module and not in memory, because it is asked for after every call. */
__asm__(
    ".globaltype jump_is_under_way, i32\n"
    ".globl jump_is_under_way\n"
    "jump_is_under_way:\n");

static inline int jump_is_under_way(void) {
  int value;
  __asm__ volatile("global.get jump_is_under_way\nlocal.set %0" : "=r"(value));
  return value;
}

static inline void set_under_way(int value) {
  __asm__ volatile("local.get %0\nglobal.set jump_is_under_way" ::"r"(value));
}

/* Tables of the functions that are running, as a stack: who is left by a jump does not free its own, but
 * whoever returns frees all that were made after its own. */
static char tables[64 * 1024];
static char *tables_end = tables;

void *malloc(size_t size) {
  char *at = tables_end;
  if (size > TABLE_BYTES || at + TABLE_BYTES > tables + sizeof tables) __builtin_trap();
  tables_end += TABLE_BYTES;
  return at;
}

void free(void *table) { tables_end = table; }

void setTempRet0(uint32_t value) { second_result = value; }

uint32_t getTempRet0(void) { return second_result; }

/* Notes a call of setjmp. A second one at the same place takes the room of the first, whose frame it is. */
entry *saveSetjmp(word *buffer, uint32_t label, entry *table, uint32_t size) {
  static word last_id;
  uint32_t at = 0;
  while (at < size && table[at].id && table[at].label != label) at++;
  if (at == size) __builtin_trap();
  if (!table[at].id) table[at + 1].id = 0;
  *buffer = ++last_id;
  table[at] = (entry){last_id, label};
  second_result = size;
  return table;
}

/* Where to go on in a function for a jump, 0 where the jump is not to this function. */
uint32_t testSetjmp(word id, entry *table, uint32_t size) {
  for (uint32_t at = 0; at < size && table[at].id; at++)
    if (table[at].id == id) return table[at].label;
  return 0;
}

/* Called with a buffer by longjmp, and with its address again by a function that passes the jump on. */
void emscripten_longjmp(word buffer, int value) {
  jump.id = buffer;
  jump.value = value ? value : 1;
  set_under_way(1);
}

__asm__(".globaltype __stack_pointer, i32\n");

static inline word stack_pointer(void) {
  word value;
  __asm__ volatile("global.get __stack_pointer\nlocal.set %0" : "=r"(value));
  return value;
}

static void arrive(word stack) {
  set_under_way(0);
  __asm__ volatile("local.get %0\nglobal.set __stack_pointer" ::"r"(stack));
  __THREW__ = jump.id;
  __threwValue = jump.value;
}

/* One for each type of function that is called where a jump may arrive; the linker names what is missing. */
#define INVOKE_VOID(name, types, parameters, arguments) \
  void name parameters { \
    word stack = stack_pointer(); \
    ((void(*) types)function)arguments; \
    if (jump_is_under_way()) arrive(stack); \
  }
#define INVOKE_WORD(name, types, parameters, arguments) \
  word name parameters { \
    word stack = stack_pointer(), result = ((word(*) types)function)arguments; \
    if (jump_is_under_way()) arrive(stack); \
    return result; \
  }

INVOKE_VOID(invoke_v, (void), (word function), ())
INVOKE_VOID(invoke_vi, (word), (word function, word a), (a))
INVOKE_VOID(invoke_vii, (word, word), (word function, word a, word b), (a, b))
INVOKE_VOID(invoke_viii, (word, word, word), (word function, word a, word b, word c), (a, b, c))
INVOKE_VOID(invoke_viiii, (word, word, word, word), (word function, word a, word b, word c, word d), (a, b, c, d))
INVOKE_WORD(invoke_i, (void), (word function), ())
INVOKE_WORD(invoke_ii, (word), (word function, word a), (a))
INVOKE_WORD(invoke_iii, (word, word), (word function, word a, word b), (a, b))
INVOKE_WORD(invoke_iiii, (word, word, word), (word function, word a, word b, word c), (a, b, c))
INVOKE_WORD(invoke_iiiii, (word, word, word, word), (word function, word a, word b, word c, word d), (a, b, c, d))
