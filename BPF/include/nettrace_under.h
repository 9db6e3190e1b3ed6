/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Values by which the programs find the traced function under which another one runs (-t +NAME). */
#ifndef NETTRACE_UNDER_H
#define NETTRACE_UNDER_H

#ifdef __bpf__
#include "kernel.h"
#else
#include <linux/types.h>
#endif

#define NT_TRAMPOLINES 4

/* Fixed before the load (rodata). */
struct nt_under_config {
	__u64 trampolines[NT_TRAMPOLINES]; /* what the kernel writes over the return address of a call whose return is probed; 0: none */
};
_Static_assert(sizeof(struct nt_under_config) == 32, "nt_under_config");

#endif
