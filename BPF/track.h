/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which packet an skb belongs to. A packet gets its number when it first
 * matches; its clones, copies and segments get the same, and so does the skb
 * whatever happens to its addresses, headers and buffer. A wrong merge is worse
 * than a split: where the kernel does not show enough, a new number is given.
 */
#ifndef NETTRACE_TRACK_H
#define NETTRACE_TRACK_H

/* Without hooks that see every end, an skb not seen for so long may be another packet at the same address (ns). */
#define TRACK_STALE 50000000ull

static __always_inline bool tracking(void)
{
	return config.flags & (NT_CONFIG_TRACK | NT_CONFIG_FOLLOW);
}

static __always_inline void track(__u64 skb, __u64 ctx, __u64 head)
{
	struct tracked_skb tracked = { .ctx = ctx, .head = head, .ts = bpf_ktime_get_ns() };

	bpf_map_update_elem(&tracked_skbs, &skb, &tracked, BPF_ANY);
	if (head && !(config.flags & NT_CONFIG_LINKS_SEEN))
		bpf_map_update_elem(&tracked_heads, &head, &ctx, BPF_ANY);
}

/* The same address may hold the next packet, if the end of the last one was not seen. */
static __always_inline bool is_same_packet(const struct tracked_skb *tracked, __u64 head)
{
	if (config.flags & NT_CONFIG_ENDS_SEEN)
		return true;
	return (!tracked->head || tracked->head == head) && bpf_ktime_get_ns() - tracked->ts < TRACK_STALE;
}

/* The number of the skb's packet; 0 where it has none yet. */
static __always_inline __u64 known_packet(const struct sk_buff *skb, __u64 head)
{
	__u64 key = (__u64)skb, *ctx;
	struct tracked_skb *tracked = bpf_map_lookup_elem(&tracked_skbs, &key);

	if (tracked && is_same_packet(tracked, head)) {
		tracked->head = head;
		if (!(config.flags & NT_CONFIG_ENDS_SEEN))
			tracked->ts = bpf_ktime_get_ns();
		return tracked->ctx;
	}
	if (config.flags & NT_CONFIG_LINKS_SEEN || !skb_is_cloned(skb))
		return 0;
	ctx = bpf_map_lookup_elem(&tracked_heads, &head);
	if (!ctx)
		return 0;
	track(key, *ctx, head);
	return *ctx;
}

/* Unique without an atomic counter, which 5.10 lacks: no CPU begins two packets in one nanosecond. */
static __always_inline __u64 new_packet(const struct sk_buff *skb, __u64 head)
{
	__u64 ctx = bpf_ktime_get_ns() << 7 | (bpf_get_smp_processor_id() & 0x7f);

	track((__u64)skb, ctx, head);
	return ctx;
}

/* `skb` has just been made from `original`: a clone, a copy, a segment or a fragment. */
static __always_inline void link_packet(const struct sk_buff *skb, __u64 original)
{
	__u64 key = (__u64)skb;
	struct tracked_skb *tracked = bpf_map_lookup_elem(&tracked_skbs, &original);

	if (tracked)
		track(key, tracked->ctx, 0);
	else
		bpf_map_delete_elem(&tracked_skbs, &key);
}

/* The buffer is forgotten too: the next packet may get it, and a clone that was not seen yet is better split than merged. */
static __always_inline void forget(const struct sk_buff *skb)
{
	__u64 key = (__u64)skb;

	bpf_map_delete_elem(&tracked_skbs, &key);
	if (!(config.flags & NT_CONFIG_LINKS_SEEN)) {
		key = (__u64)BPF_CORE_READ(skb, head);
		bpf_map_delete_elem(&tracked_heads, &key);
	}
}

#endif
