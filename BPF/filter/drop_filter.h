/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Which drops are none, or not wanted: by their reason (--drop). */
#ifndef NETTRACE_DROP_FILTER_H
#define NETTRACE_DROP_FILTER_H

const volatile struct nt_drop_config drop_config = {};

static __always_inline bool is_ignored_drop(const struct hook_call *call)
{
	__u64 reason, subsystem, number, word;

	if (!drop_config.ignores)
		return false;
	reason = (__u32)hook_argument(call, NT_COOKIE_REASON_SHIFT);
	subsystem = reason >> NT_REASON_SUBSYSTEM_SHIFT;
	number = reason & ((1 << NT_REASON_SUBSYSTEM_SHIFT) - 1);
	if (subsystem >= NT_REASON_SUBSYSTEMS || number >= NT_REASONS_PER_SUBSYSTEM)
		return false;
	number += subsystem * NT_REASONS_PER_SUBSYSTEM;
	word = number / 64;
	/* For the verifier of 5.10, which forgets what it knew of the sum. */
	barrier_var(word);
	if (word >= NT_IGNORED_WORDS)
		return false;
	return drop_config.ignored[word] >> (number & 63) & 1;
}

#endif
