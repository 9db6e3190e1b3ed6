// Words that the kernel changes while they are read.
#pragma once

#include <stdint.h>

// What was written before the word was stored is seen by whoever has loaded it.
static inline uint64_t nt_load_acquire(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline uint32_t nt_load_acquire_32(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline void nt_store_release(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
