// Takes malloc's place in the test program, so that a test can ask how often a step asked for memory. Each function hands on to
// glibc's own; what glibc gave is freed by glibc's free.
#define _GNU_SOURCE
#include "allocation_counter.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local unsigned long smallest_counted;
static _Thread_local unsigned long counted;

void start_counting_allocations(unsigned long smallest) {
  smallest_counted = smallest;
  counted = 0;
}

unsigned long stop_counting_allocations(void) {
  smallest_counted = 0;
  return counted;
}

#ifdef __GLIBC__

bool counts_allocations(void) { return true; }

// oneDNN's matrix multiplication packs its operands into memory of its own, which nobody can give it.
static bool is_packing(const void *caller) {
  Dl_info info;
  return dladdr(caller, &info) != 0 && info.dli_fname != NULL && strstr(info.dli_fname, "libdnnl") != NULL;
}

static void count(size_t size, const void *caller) {
  if (smallest_counted > 0 && size >= smallest_counted && !is_packing(caller)) counted++;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  count(size, __builtin_return_address(0));
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size, __builtin_return_address(0));
  return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
  count(size, __builtin_return_address(0));
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size, __builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(size, __builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  count(size, __builtin_return_address(0));
  void *result = __libc_memalign(alignment, size);
  if (result == NULL) return ENOMEM;
  *memory = result;
  return 0;
}

#else

bool counts_allocations(void) { return false; }

#endif
