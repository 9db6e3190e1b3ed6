/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How often an event of the same kind is reported (--rate-limit): further ones cost little, and are counted. */
#ifndef NETTRACE_LIMIT_H
#define NETTRACE_LIMIT_H

#define NSEC_PER_SEC 1000000000ll

const volatile struct nt_limits limits = {};

struct reported {
	__u64 since; /* ns: when the second began */
	__u64 count; /* events since then */
};

/* By kind, for all CPUs: two of them may both take the last place of a second. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NT_SOCK_KINDS);
	__type(key, __u32);
	__type(value, struct reported);
} reported_by_kind SEC(".maps");

/*
 * A function of its own, for the sake of the stack, and a global one, which
 * the verifier looks at once and not on each way that leads here. During a
 * flood the line in memory is only read.
 */
__noinline int is_beyond_limit(__u32 kind)
{
	struct reported *reported = bpf_map_lookup_elem(&reported_by_kind, &kind);
	__u64 now;

	if (!reported)
		return 0;
	now = bpf_ktime_get_ns();
	/* Another CPU may have begun a second later than now. */
	if ((__s64)(now - reported->since) >= NSEC_PER_SEC) {
		reported->since = now;
		reported->count = 1;
		return 0;
	}
	if (reported->count >= limits.per_second)
		return 1;
	__atomic_fetch_add(&reported->count, 1, __ATOMIC_RELAXED);
	return 0;
}

#endif
