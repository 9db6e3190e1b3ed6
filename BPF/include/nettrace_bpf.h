/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the C side offers to Swift: the record layouts and the embedded tracers.json. */
#ifndef NETTRACE_BPF_H
#define NETTRACE_BPF_H

#include <stddef.h>
#include "nettrace_abi.h"

/* The bytes of tracers.json, embedded at build time; not NUL-terminated. */
extern const unsigned char nettrace_tracers_json[];
extern const size_t nettrace_tracers_json_size;

#endif
