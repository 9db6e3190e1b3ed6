/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counts drops by row, in place of a record each: --drop --summary. */
#ifndef NETTRACE_DROP_SUMMARY_H
#define NETTRACE_DROP_SUMMARY_H

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1);
	__type(key, struct nt_drop_key);
	__type(value, struct nt_drop_count);
} drop_rows SEC(".maps");

/* Drops that found no room there: the sum of both is the number of drops, always. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nt_drop_count);
} drop_others SEC(".maps");

/* What a row starts with; not on the stack, which is short. */
const struct nt_drop_count no_drops = {};

static __always_inline struct nt_drop_count *find_row(const struct nt_drop_key *key)
{
	struct nt_drop_count *row = bpf_map_lookup_elem(&drop_rows, key);
	__u32 others = 0;

	if (row)
		return row;
	/* Another CPU may be first: then its row is ours. */
	bpf_map_update_elem(&drop_rows, key, &no_drops, BPF_NOEXIST);
	row = bpf_map_lookup_elem(&drop_rows, key);
	return row ? row : bpf_map_lookup_elem(&drop_others, &others);
}

static __always_inline void add_drop(const struct nt_drop_key *key, __u32 bytes)
{
	struct nt_drop_count *row = find_row(key);

	if (!row)
		return;
	/* Atomic, for some kernels let us be preempted. */
	__atomic_fetch_add(&row->packets, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&row->bytes, bytes, __ATOMIC_RELAXED);
}

/* A function of its own: what it needs of the stack is not needed while the packet filter runs, and the other way round. */
static __noinline void count_in_row(const void *ctx, const struct place *place, const struct nt_filter_ctx *packet,
				    __u32 bytes)
{
	struct hook_call call = { .cookie = drop_config.cookie, .ctx = ctx, .is_function = false };
	struct nt_drop_key key = { .epoch = table_epoch };

	if (drop_config.dimensions & NT_DROP_BY_REASON)
		key.reason = hook_argument(&call, NT_COOKIE_REASON_SHIFT);
	if (drop_config.dimensions & NT_DROP_BY_LOCATION)
		key.location = hook_argument(&call, NT_COOKIE_LOCATION_SHIFT);
	if (drop_config.dimensions & NT_DROP_BY_NETNS)
		key.netns = place->netns;
	if (drop_config.dimensions & NT_DROP_BY_DEVICE && place->dev)
		read_name(place, key.ifname);
	read_flow(&key, packet);
	add_drop(&key, bytes);
}

/* The same filters, in the same order, as for events: show() in nettrace.bpf.c. */
static __always_inline void count_drop(const struct hook_call *call)
{
	struct skb_window window;
	struct nt_filter_ctx packet = {};
	struct place place = {};
	const struct sk_buff *skb = call->skb;
	const struct sk_buff *w = read_window(&window, skb);
	const struct sock *sk;
	bool restored = false, moved = false;
	__u32 bytes = w->len;

	if (!match_skb(skb, w))
		return;
	sk = subject_socket(call);
	if (locate_headers(&packet, w)) {
		bytes = packet.l3_len;
		restored = config.flags & NT_CONFIG_RESTORE_VLAN && skb_has_vlan_tag(w, skb);
		if (restored)
			restore_vlan_tag(&packet, w);
	} else if (sk) {
		headers_from_socket(&packet, sk);
	}
	if (!packet.protocol || !match_packet(&packet, &moved))
		return;
	if (config.flags & (NT_CONFIG_FILTER_NETNS | NT_CONFIG_FILTER_INTERFACE) ||
	    drop_config.dimensions & (NT_DROP_BY_NETNS | NT_DROP_BY_DEVICE)) {
		find_place(&place, skb, sk);
		if (!match_place(&place, w))
			return;
	}
	if (!match_pid(call, sk))
		return;
	/* The filter has seen the tag, or the packet inside; the row is that of the outer header. */
	if (restored || moved)
		locate_again(&packet, w, false);
	count_in_row(call->ctx, &place, &packet, bytes);
}

#endif
