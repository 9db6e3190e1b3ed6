/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The way to user space: room for records, the books about them, and when to call the reader. */
#ifndef NETTRACE_RING_H
#define NETTRACE_RING_H

/*
 * A wake-up costs several times what the record does (an interrupt, and a switch to the reader). The reader comes by
 * itself every few milliseconds; it is called once when the ring fills faster than that, to config.ring_wakeup.
 */
static __always_inline bool ring_wants_reader(void)
{
	/* Past the mark it has been called already. Two CPUs may step over the mark together, hence the width. */
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) - config.ring_wakeup < 2 * (NT_EVENT_MAX_SIZE + config.snapshot);
}

static __always_inline void submit(struct nt_event *event)
{
	bpf_ringbuf_submit(event, ring_wants_reader() ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
}

/* Lost events of all hooks: what user space looks at from time to time without asking for each hook's. */
volatile __u64 events_lost = 0;

/*
 * Counts a match, and returns the hook's counter if a record may follow. `kind`: as in nt_sock_event; `counts`: 1, or 0
 * for a record that is no event. (A number, since a branch would double what the verifier looks at.)
 */
static __always_inline struct nt_counter *admit(__u32 hook, __u32 kind, __u64 counts)
{
	struct nt_counter *counter = bpf_map_lookup_elem(&counters, &hook);

	if (!counter)
		return NULL;
	/* Atomic, for some kernels let us be preempted; relaxed, for 5.10 knows no atomic that returns a value. */
	__atomic_fetch_add(&counter->matched, counts, __ATOMIC_RELAXED);
	if (limits.per_second && is_beyond_limit(kind)) {
		__atomic_fetch_add(&counter->limited, 1, __ATOMIC_RELAXED);
		return NULL;
	}
	return counter;
}

static __always_inline void count_loss(struct nt_counter *counter, __u64 counts)
{
	__atomic_fetch_add(&counter->lost, counts, __ATOMIC_RELAXED);
	__atomic_fetch_add(&events_lost, counts, __ATOMIC_RELAXED);
}

/* Room for one record, with the books kept: matched = delivered + lost + limited. */
static __always_inline struct nt_event *reserve(__u32 hook, __u32 kind, __u64 size, __u64 counts)
{
	struct nt_counter *counter = admit(hook, kind, counts);
	struct nt_event *event;

	if (!counter)
		return NULL;
	event = bpf_ringbuf_reserve(&events, size, 0);
	if (!event)
		count_loss(counter, counts);
	return event;
}

#endif
