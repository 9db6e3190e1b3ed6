// Access to words that the kernel changes concurrently.
#pragma once

#include <stdint.h>

// Acquire and release: after the load of a word, everything is visible that was written before it was stored.
static inline uint64_t nt_load_acquire(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline uint32_t nt_load_acquire_32(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline void nt_store_release(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
