/* Memory for one run. A guest is gone when its run ends, so nothing is collected: what is freed last is
 * taken again, and a list that grows at the end of the heap grows where it lies. A byte that is taken
 * costs about a unit of fuel to fill, so the fuel bounds the memory as well. */

#include <string.h>

#include "py/mpconfig.h"
#include "py/misc.h"
#include "py/runtime.h"
#include "heap.h"

#define PAGE 65536
#define ALIGNED(size) (((size) + 15) & ~(size_t)15)

static uintptr_t next, end;

void heap_start(uintptr_t start) {
  next = ALIGNED(start);
  end = __builtin_wasm_memory_size(0) * PAGE;
}

static bool reach(uintptr_t wanted) {
  if (wanted < next) return false;
  if (wanted > end) {
    size_t pages = (wanted - end + PAGE - 1) / PAGE;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return false;
    end += pages * PAGE;
  }
  next = wanted;
  return true;
}

void *m_malloc_maybe(size_t size) {
  uintptr_t at = next;
  if (size > SIZE_MAX - PAGE || !reach(at + ALIGNED(size))) return NULL;
  return (void *)at;
}

void *m_malloc(size_t size) {
  void *at = m_malloc_maybe(size);
  if (at == NULL && size != 0) m_malloc_fail(size);
  return at;
}

void *m_malloc0(size_t size) {
  void *at = m_malloc(size);
  if (size != 0) memset(at, 0, size);
  return at;
}

void *m_realloc_maybe(void *at, size_t old, size_t size, bool allow_move) {
  if (at == NULL) return m_malloc_maybe(size);
  if (ALIGNED(size) <= ALIGNED(old)) return at;
  if ((uintptr_t)at + ALIGNED(old) == next && size <= SIZE_MAX - PAGE)
    return reach((uintptr_t)at + ALIGNED(size)) ? at : NULL;
  void *moved = allow_move ? m_malloc_maybe(size) : NULL;
  if (moved != NULL) memcpy(moved, at, old);
  return moved;
}

void *m_realloc(void *at, size_t old, size_t size) {
  void *moved = m_realloc_maybe(at, old, size, true);
  if (moved == NULL && size != 0) m_malloc_fail(size);
  return moved;
}

void m_free(void *at, size_t size) {
  if (at != NULL && (uintptr_t)at + ALIGNED(size) == next) next = (uintptr_t)at;
}
