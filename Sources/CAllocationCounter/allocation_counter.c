// SPDX-License-Identifier: Apache-2.0
#include "allocation_counter.h"
#include <stdatomic.h>
#include <stddef.h>

static _Atomic uint64_t count;

uint64_t allocation_count(void)
{
    return atomic_load_explicit(&count, memory_order_relaxed);
}

static void note(void)
{
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t number, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void **result, size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
    note();
    return __real_malloc(size);
}

void *__wrap_calloc(size_t number, size_t size)
{
    note();
    return __real_calloc(number, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    note();
    return __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    note();
    return __real_aligned_alloc(alignment, size);
}

int __wrap_posix_memalign(void **result, size_t alignment, size_t size)
{
    note();
    return __real_posix_memalign(result, alignment, size);
}
