/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Makes the verifier forget what it knows of a value. It walks the code where two paths meet once for each path on which
 * values differ that are still wanted: a flag that each path sets otherwise doubles the cost of all that follows.
 */
#ifndef NETTRACE_BLUR_H
#define NETTRACE_BLUR_H

/* Never written; but it might be, for all that the verifier knows. */
volatile __u64 always_zero = 0;

/* `value`, at the price of a load. */
static __always_inline __u64 blurred(__u64 value)
{
	return value + always_zero;
}

/* Copies bytes, through a helper: for what is larger than a number. */
static __always_inline void nt_blur(void *to, const void *from, __u32 size)
{
	bpf_probe_read_kernel(to, size, from);
}

#endif
