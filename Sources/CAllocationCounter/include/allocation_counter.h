// SPDX-License-Identifier: Apache-2.0
// Counts what a program takes from the heap: the linker leads its calls of malloc(3) and the like through here
// (--wrap, see Package.swift).
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

// Calls so far of malloc, calloc, realloc, aligned_alloc and posix_memalign, by all threads.
uint64_t allocation_count(void);

#endif
