/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One call of a hook, from the skb to its record: find the packet, filter, emit, and keep track of it. */
#ifndef NETTRACE_TRACE_H
#define NETTRACE_TRACE_H

static __always_inline bool needs_place(void)
{
	return config.sections & NT_SECTION_DEVICE || config.flags & (NT_CONFIG_FILTER_NETNS | NT_CONFIG_FILTER_INTERFACE);
}

static __always_inline bool needs_socket(void)
{
	return needs_place() || tracking() || config.flags & (NT_CONFIG_FILTER_PID | NT_CONFIG_FILTER_OWNER);
}

/* The hooks that only keep track of packets: no filter, and no event but the end of a tracked skb. */
static __always_inline void keep_track(const struct hook_call *call)
{
	__u32 flags = cookie_flags(call->cookie);
	__u64 key = (__u64)call->skb;
	struct tracked_skb *tracked;

	if (flags & NT_HOOK_LINK) {
		__u64 before = packet_of(key), ctx = link_packet(call->skb, hook_argument(call, NT_COOKIE_LOCATION_SHIFT));

		/* A fragment becomes part of another packet; or its end was not seen. */
		if (before && before != ctx)
			emit_life(call, before, NT_EVENT_FREE);
		if (ctx)
			emit_life(call, ctx, 0);
		return;
	}
	tracked = bpf_map_lookup_elem(&tracked_skbs, &key);
	if (!tracked)
		return;
	emit_life(call, tracked->ctx, NT_EVENT_FREE);
	forget(call->skb);
}

/* A tag beside the packet that the filter is to see in it. */
static __always_inline bool restores_vlan_tag(const struct sk_buff *w, const struct sk_buff *skb)
{
	return config.flags & NT_CONFIG_RESTORE_VLAN && skb_has_vlan_tag(w, skb);
}

/* Where the hook has a socket alone: from here on, for the verifier, like any other. */
static __always_inline void blur_subject(struct hook_call *call)
{
	call->skb = (const struct sk_buff *)blurred((__u64)call->skb);
	call->sk = (const struct sock *)blurred((__u64)call->sk);
}

static __always_inline void blur_packet(struct nt_filter_ctx *packet)
{
	packet->l3_address = blurred(packet->l3_address);
	packet->l3_len = blurred(packet->l3_len);
	packet->l3_linear = blurred(packet->l3_linear);
	packet->caplen = blurred(packet->caplen);
	packet->protocol = blurred(packet->protocol);
	packet->has_l2 = blurred(packet->has_l2);
	packet->data_offset = blurred(packet->data_offset);
}

/* How the packet was found: only a header made up from a socket has bytes and no address. */
static __always_inline __u16 packet_flags(const struct nt_filter_ctx *packet, const struct sk_buff *w,
					  const struct sk_buff *skb)
{
	if (!packet->l3_address)
		return packet->caplen ? NT_EVENT_SOCK_TUPLE : 0;
	if (config.flags & NT_CONFIG_RESTORE_VLAN || !packet->protocol || !skb_has_vlan_tag(w, skb))
		return 0;
	return NT_EVENT_VLAN;
}

/* The skb holds a new packet from here on. */
static __always_inline void begin_packet(const struct hook_call *call, const struct sk_buff *w, __u64 number)
{
	__u64 before = packet_of((__u64)call->skb);

	/* The end of the packet before was not seen: it is reported now. */
	if (before)
		emit_life(call, before, NT_EVENT_FREE);
	track_packet(call, w, number);
}

/*
 * Filters and emits. True if there was a record (or no room for it); `ctx` gets its number when the packet is new. The
 * filter chooses packets: one that has matched before is followed to its end. Where it does not match any more its
 * records are hidden, unless NT_CONFIG_FOLLOW shows them all.
 */
static __always_inline bool show(struct hook_call *call, const struct sk_buff *w, __u64 ctx)
{
	struct nt_filter_ctx packet = {};
	struct place place = {};
	const struct sk_buff *skb = call->skb;
	const struct sock *sk;
	bool moved = false;
	__u16 flags, unshown = 0;
	__u64 number;

	if (!ctx && !match_skb(skb, w))
		return false;
	if (locate_headers(&packet, w)) {
		if (restores_vlan_tag(w, skb))
			restore_vlan_tag(&packet, w);
	} else {
		nt_blur(&packet, &packet, sizeof(packet));
		learn_hook(call);
		fetch_socket(call);
		sk = subject_socket(call);
		if (sk)
			headers_from_socket(&packet, sk);
	}
	/* Netlink and Unix sockets use skbs too: no network packet, no event. */
	if (!ctx && !packet.protocol)
		return false;
	if (!(config.flags & NT_CONFIG_FOLLOW && ctx) && !match_packet(&packet, &moved)) {
		if (!ctx)
			return false;
		unshown = NT_EVENT_HIDDEN;
	}
	if (filters_packets() && blurred(moved) && !locate_again(&packet, w, restores_vlan_tag(w, skb)))
		return false;
	/* Each read costs a good part of what rejecting a packet does: what the packet filter has no use for comes behind it. */
	blur_packet(&packet);
	flags = packet_flags(&packet, w, skb);
	learn_hook(call);
	if (needs_socket() || config.sections & NT_SECTION_SOCK)
		fetch_socket(call);
	sk = needs_socket() ? subject_socket(call) : NULL;
	if (needs_place()) {
		find_place(&place, skb, sk);
		if (!ctx && !match_place(&place, w))
			return false;
	}
	if (!ctx && !match_pid(call, sk))
		return false;
	number = tracking() && skb && !ctx ? new_packet() : ctx;
	if (tracking() && sk && BPF_CORE_READ(sk, __sk_common.skc_family) == AF_PACKET)
		flags |= NT_EVENT_TAP;
	if (tracking())
		unshown |= silent_event(call);
	/* One way to look at for the verifier, where dozens have led here. */
	if (needs_place())
		nt_blur(&place, &place, sizeof(place));
	emit(call, w, &packet, &place, number, blurred(flags), blurred(unshown));
	/* Not before: there is no room on the stack beside the packet. */
	if (number != ctx)
		begin_packet(call, w, number);
	return true;
}

/* True if there was an event. */
static __always_inline bool trace(struct hook_call *call)
{
	struct skb_window window;
	const struct sk_buff *w;
	__u64 ctx = 0;
	bool shown;

	if (!call->skb) {
		learn_hook(call);
		fetch_socket(call);
		if (!call->sk)
			return false;
		blur_subject(call);
	}
	if (tracking() && is_silent(call) && !(cookie_flags(call->cookie) & NT_HOOK_DROP)) {
		keep_track(call);
		return false;
	}
	w = read_window(&window, call->skb);
	if (tracking() && call->skb)
		ctx = known_packet(call, w);
	if (tracking() && !ctx && is_silent(call))
		return false;
	shown = show(call, w, ctx);
	if (tracking() && call->skb && cookie_flags(call->cookie) & NT_HOOK_FREE) {
		if (ctx && !shown)
			emit_life(call, ctx, NT_EVENT_FREE);
		forget(call->skb);
	}
	return shown;
}

#endif
