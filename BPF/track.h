/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which packet an skb belongs to. A packet gets its number when it first
 * matches; its clones, copies and segments get the same, and so does the skb
 * whatever happens to its addresses, headers and buffer. A wrong merge is worse
 * than a split: where the kernel does not show enough, a new number is given.
 */
#ifndef NETTRACE_TRACK_H
#define NETTRACE_TRACK_H

/*
 * Where the kernel shows too little, a buffer not seen for so long may hold another packet (ns): one that looks the same
 * (a keep-alive, an acknowledgement sent twice), and one of which nothing is known but the buffer.
 */
#define TRACK_STALE_SIGNED 1000000000ull
#define TRACK_STALE_UNSIGNED 50000000ull

static __always_inline bool tracking(void)
{
	return config.flags & (NT_CONFIG_TRACK | NT_CONFIG_FOLLOW);
}

/* Every copy is seen when it is made, and every end: an skb's address is all there is to know. */
static __always_inline bool sees_all(void)
{
	const __u32 all = NT_CONFIG_LINKS_SEEN | NT_CONFIG_ENDS_SEEN;

	return (config.flags & all) == all;
}

/* Hook and device in one number: addresses leave the upper bits the same. */
static __always_inline __u64 place_of(const struct hook_call *call)
{
	const struct sk_buff *skb = call->skb;

	return (__u64)BPF_CORE_READ(skb, dev) ^ (__u64)cookie_hook(call->cookie) << 48;
}

static __always_inline void track_buffer(const struct hook_call *call, const struct sk_buff *w, __u64 ctx, __u64 header)
{
	struct tracked_buffer buffer = { .ctx = ctx, .header = header, .ts = bpf_ktime_get_ns() };
	__u64 head = (__u64)w->head;

	buffer.signature = packet_signature(header);
	buffer.origin = place_of(call);
	bpf_map_update_elem(&tracked_buffers, &head, &buffer, BPF_ANY);
}

static __always_inline void track(__u64 skb, __u64 ctx, __u64 head)
{
	struct tracked_skb tracked = { .ctx = ctx, .head = head };

	bpf_map_update_elem(&tracked_skbs, &skb, &tracked, BPF_ANY);
}

static __always_inline bool is_fresh(const struct tracked_buffer *buffer)
{
	return bpf_ktime_get_ns() - buffer->ts < (buffer->signature ? TRACK_STALE_SIGNED : TRACK_STALE_UNSIGNED);
}

/* No packet passes the place again where it was first seen, but the next one in the same buffer does. */
static __always_inline bool begins_anew(const struct tracked_buffer *buffer, const struct hook_call *call)
{
	return !(cookie_flags(call->cookie) & NT_HOOK_FREE) && buffer->origin == place_of(call);
}

/*
 * Does the buffer still hold the packet it held? Rewriting leaves the header
 * where it is and its signature as it is. Encapsulation puts another in front of
 * it, decapsulation leaves it behind; neither happens in front of or inside TCP,
 * whose ends are those that are not seen.
 */
static __always_inline bool holds_packet(const struct tracked_buffer *buffer, const struct hook_call *call,
					 const struct sk_buff *w)
{
	__u64 header = network_header(w);

	if (!is_fresh(buffer) || begins_anew(buffer, call))
		return false;
	/* It had no headers yet when it was seen. */
	if (!buffer->signature)
		return true;
	if (header > buffer->header && signs_tcp(buffer->signature))
		return false;
	if (header < buffer->header && buffer->header >= (__u64)w->head + w->tail)
		return false;
	return packet_signature(buffer->header) == buffer->signature;
}

/*
 * The skb was there before, with another buffer: pskb_expand_head() has moved
 * the packet, or another one came. Returns the header by which it is known now,
 * which may already be behind that of a tunnel; 0: it is not known.
 */
static __always_inline __u64 moved_header(const struct tracked_skb *tracked, const struct sk_buff *w)
{
	struct tracked_buffer *before = bpf_map_lookup_elem(&tracked_buffers, &tracked->head);
	__u64 header = network_header(w);

	/* Just linked, and not seen since. */
	if (!tracked->head)
		return header;
	if (!before || before->ctx != tracked->ctx || !before->signature || !is_fresh(before))
		return 0;
	if (packet_signature(header) == before->signature)
		return header;
	header = (__u64)w->head + w->inner_network_header;
	return packet_signature(header) == before->signature ? header : 0;
}

/* Reduced fidelity: a packet is known by its buffer, which clones share, and by what stands in it. */
static __always_inline __u64 recognise(const struct hook_call *call, const struct sk_buff *w)
{
	__u64 key = (__u64)call->skb, head = (__u64)w->head, header;
	struct tracked_skb *tracked = bpf_map_lookup_elem(&tracked_skbs, &key);
	struct tracked_buffer *buffer = bpf_map_lookup_elem(&tracked_buffers, &head);

	if (buffer && holds_packet(buffer, call, w)) {
		if (!(tracked && tracked->ctx == buffer->ctx)) {
			if (!skb_is_cloned(call->skb))
				return 0;
			track(key, buffer->ctx, head);
		}
		buffer->ts = bpf_ktime_get_ns();
		if (!buffer->signature) {
			buffer->header = network_header(w);
			buffer->signature = packet_signature(buffer->header);
		}
		return buffer->ctx;
	}
	if (!tracked || tracked->head == head)
		return 0;
	header = moved_header(tracked, w);
	if (!header)
		return 0;
	tracked->head = head;
	track_buffer(call, w, tracked->ctx, header);
	return tracked->ctx;
}

/* The number of the skb's packet; 0 where it has none yet. */
static __always_inline __u64 known_packet(const struct hook_call *call, const struct sk_buff *w)
{
	__u64 key = (__u64)call->skb;
	struct tracked_skb *tracked;

	if (!sees_all())
		return recognise(call, w);
	tracked = bpf_map_lookup_elem(&tracked_skbs, &key);
	return tracked ? tracked->ctx : 0;
}

/* The packet that the address is known for, whether or not it still holds it; 0: none. */
static __always_inline __u64 packet_of(__u64 skb)
{
	struct tracked_skb *tracked = bpf_map_lookup_elem(&tracked_skbs, &skb);

	return tracked ? tracked->ctx : 0;
}

/* Unique without an atomic counter, which 5.10 lacks: no CPU begins two packets in one nanosecond. */
static __always_inline __u64 new_packet(void)
{
	return bpf_ktime_get_ns() << 7 | (bpf_get_smp_processor_id() & 0x7f);
}

static __always_inline void track_packet(const struct hook_call *call, const struct sk_buff *w, __u64 ctx)
{
	track((__u64)call->skb, ctx, (__u64)w->head);
	if (!sees_all())
		track_buffer(call, w, ctx, network_header(w));
}

/* `skb` has just been made from `original`: a clone, a copy, a segment or a fragment. Its packet; 0: none of ours. */
static __always_inline __u64 link_packet(const struct sk_buff *skb, __u64 original)
{
	__u64 key = (__u64)skb;
	struct tracked_skb *tracked = bpf_map_lookup_elem(&tracked_skbs, &original);

	if (!tracked) {
		bpf_map_delete_elem(&tracked_skbs, &key);
		return 0;
	}
	track(key, tracked->ctx, 0);
	return tracked->ctx;
}

/* The buffer is forgotten with the last skb that shares it: the next packet may get it. */
static __always_inline void forget(const struct sk_buff *skb)
{
	__u64 key = (__u64)skb;

	bpf_map_delete_elem(&tracked_skbs, &key);
	if (!sees_all() && !skb_shares_buffer(skb)) {
		key = (__u64)BPF_CORE_READ(skb, head);
		bpf_map_delete_elem(&tracked_buffers, &key);
	}
}

#endif
