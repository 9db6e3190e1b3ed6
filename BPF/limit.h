/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How often the same kind of thing is told (--rate-limit): what is more costs little, and is counted. */
#ifndef NETTRACE_LIMIT_H
#define NETTRACE_LIMIT_H

#define NSEC_PER_SEC 1000000000ll

const volatile struct nt_limits limits = {};

struct told {
	__u64 since; /* ns: when the second began */
	__u64 count; /* events since then */
};

/* By kind, for all CPUs: two of them may both take the last place of a second. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NT_SOCK_KINDS);
	__type(key, __u32);
	__type(value, struct told);
} told_by_kind SEC(".maps");

/*
 * A function of its own, for the sake of the stack, and a global one, which
 * the verifier looks at once and not on each way that leads here. During a
 * flood the line in memory is only read.
 */
__noinline int is_beyond_limit(__u32 kind)
{
	struct told *told = bpf_map_lookup_elem(&told_by_kind, &kind);
	__u64 now;

	if (!told)
		return 0;
	now = bpf_ktime_get_ns();
	/* Another CPU may have begun a second later than now. */
	if ((__s64)(now - told->since) >= NSEC_PER_SEC) {
		told->since = now;
		told->count = 1;
		return 0;
	}
	if (told->count >= limits.per_second)
		return 1;
	__atomic_fetch_add(&told->count, 1, __ATOMIC_RELAXED);
	return 0;
}

#endif
