/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Writes one record, with the sections that were asked for and no others. */
#ifndef NETTRACE_EMIT_H
#define NETTRACE_EMIT_H

/* The packet section and the filter's view hold the same bytes, both 8-byte aligned 2 bytes before data. */
#define PACKET_WORDS (sizeof(struct nt_packet) / 8)
_Static_assert(offsetof(struct nt_filter_ctx, data) % 8 == 2 && offsetof(struct nt_packet, data) == 2, "copied by words");

static __always_inline void *emit_packet(void *at, const struct nt_filter_ctx *packet)
{
	struct nt_packet *section = at;
	const __u64 *from = (const __u64 *)(packet->data - 2);
	__u64 *to = at;

#pragma unroll
	for (__u32 i = 0; i < PACKET_WORDS; i++)
		to[i] = from[i];
	section->caplen = packet->caplen;
	return section + 1;
}

static __always_inline void *emit_device(void *at, const struct place *place)
{
	struct nt_device *section = at;

	section->netns = place->netns;
	section->ifindex = read_ifindex(place);
	__builtin_memset(section->ifname, 0, NT_IFNAME_LEN);
	if (place->dev)
		read_name(place, section->ifname);
	return section + 1;
}

static __always_inline void *emit_task(void *at)
{
	struct nt_task *section = at;
	__u64 pid_tgid = current_pid_tgid();

	section->pid = pid_tgid >> 32;
	section->tid = pid_tgid;
	bpf_get_current_comm(section->comm, NT_COMM_LEN);
	return section + 1;
}

/* include/linux/skbuff.h: skb_shinfo() stands at head + end. */
static __always_inline __u16 gso_size(const struct sk_buff *w)
{
	const struct skb_shared_info *shared = (const void *)(w->head + w->end);

	return BPF_CORE_READ(shared, gso_size);
}

static __always_inline void *emit_meta(void *at, const struct sk_buff *w)
{
	struct nt_meta *section = at;

	section->mark = w->mark;
	section->hash = w->hash;
	section->priority = w->priority;
	section->skb_iif = w->skb_iif;
	section->data_len = w->data_len;
	section->queue = w->queue_mapping;
	section->gso_size = w->head ? gso_size(w) : 0;
	return section + 1;
}

/* The sections after the packet's bytes. */
static __always_inline void emit_surroundings(void *at, const struct hook_call *call, const struct sk_buff *w,
					      const struct place *place)
{
	if (config.sections & NT_SECTION_DEVICE)
		at = emit_device(at, place);
	if (config.sections & NT_SECTION_TASK)
		at = emit_task(at);
	if (config.sections & NT_SECTION_META)
		at = emit_meta(at, w);
	if (config.sections & NT_SECTION_CALLER) {
		((struct nt_caller *)at)->address = call->is_function ? return_address((struct pt_regs *)call->ctx) : 0;
		at += sizeof(struct nt_caller);
	}
	if (config.sections & NT_SECTION_SOCK)
		at = emit_socket(at, call);
	if (config.sections & NT_SECTION_CT)
		emit_ct(at, call->skb);
}

_Static_assert(NT_EVENT_L2 == 1 && NT_PAYLOAD_L2 == 1, "nt_filter_ctx.has_l2 is the flag");

/* The end of a record in `buffer`. What is not shown and what has no headers of its own has no bytes either. */
static __always_inline void emit_payload(__u32 buffer, struct nt_event *event, const struct nt_stack *stack,
					 const struct sk_buff *skb, const struct sk_buff *w,
					 const struct nt_filter_ctx *packet, __u16 unshown)
{
	bool has_tag = packet->l3_address && skb_has_vlan_tag(w, skb);
	bool restored = has_tag && config.flags & NT_CONFIG_RESTORE_VLAN;

	begin_payload((void *)event + payload_start(stack), packet, w, has_tag, restored);
	submit_with_payload(buffer, (__u64)skb,
			    packet->l3_address && !unshown ? payload_address(packet, restored) : 0);
}

/* Without branches, for each would double what the verifier has to look at from there on. */
static __always_inline __u16 event_flags(const struct hook_call *call, const struct nt_filter_ctx *packet)
{
	__u16 flags = (cookie_flags(call->cookie) & NT_HOOK_EVENT_FLAGS) | packet->has_l2;

	if (config.sections & NT_SECTION_TASK && in_interrupt(hook_stack(call)))
		flags |= NT_EVENT_INTERRUPT;
	return flags;
}

/*
 * `unshown`: NT_EVENT_HIDDEN, NT_EVENT_SILENT or 0, apart from the other flags, so that the verifier need not know its
 * value when it looks at those.
 */
static __always_inline void emit(const struct hook_call *call, const struct sk_buff *w,
				 const struct nt_filter_ctx *packet, const struct place *place, __u64 ctx,
				 __u16 packet_flags, __u16 unshown)
{
	__u32 hook = cookie_hook(call->cookie);
	__u64 counts = event_counts(unshown);
	struct nt_event *event;
	struct nt_stack *stack = NULL;
	bool more = wants_more(packet);
	__u32 buffer = 0;
	void *at;

	if (wants_payload()) {
		more = can_hold_more();
		event = take_buffer(hook, counts, &buffer);
		if (!event)
			return;
		if (wants_stack(call->cookie))
			stack = (void *)event + payload_start(false);
	} else if (wants_stack(call->cookie)) {
		/* The size of a record has to be a constant: several calls rather than one with a variable. */
		/* Long as they are, these are not of two sizes. */
		more = can_hold_more();
		event = reserve(hook, 0, config.record_size + (more ? sizeof(struct nt_packet_more) : 0) + sizeof(*stack),
				counts);
		if (!event)
			return;
		stack = (void *)event + config.record_size + (more ? sizeof(struct nt_packet_more) : 0);
	} else if (more) {
		event = reserve(hook, 0, config.record_size + sizeof(struct nt_packet_more), counts);
		if (!event)
			return;
	} else {
		event = reserve(hook, 0, config.record_size, counts);
		if (!event)
			return;
	}
	event->ts = bpf_ktime_get_ns();
	event->skb = (__u64)call->skb;
	event->ctx = ctx;
	event->len = w->len;
	event->hook = hook;
	event->flags = event_flags(call, packet) | packet_flags | unshown;
	/* Not at the two functions that drop, which are off by default: programs of functions have no room left on the stack. */
	if (!call->is_function && cookie_flags(call->cookie) & NT_HOOK_DROP)
		add_receiver(event, call->skb);
	event->sections = config.sections | (stack ? NT_SECTION_STACK : 0) | (more ? NT_SECTION_MORE : 0) |
			  (wants_payload() ? NT_SECTION_PAYLOAD : 0);
	event->cpu = bpf_get_smp_processor_id();
	event->protocol = packet->protocol;
	event->vlan_proto = packet_flags & NT_EVENT_VLAN ? bpf_ntohs(w->vlan_proto) : 0;
	event->vlan_tci = packet_flags & NT_EVENT_VLAN ? w->vlan_tci : 0;
	event->data_offset = packet->data_offset;

	at = event + 1;
	if (config.sections & NT_SECTION_PACKET)
		at = emit_packet(at, packet);
	if (more)
		at = emit_more(at, packet);
	emit_surroundings(at, call, w, place);
	if (stack)
		emit_stack(stack, call->ctx);
	/* As late as can be: which argument it is makes six ways of each. */
	event->location = hook_argument(call, NT_COOKIE_LOCATION_SHIFT);
	event->reason = hook_argument(call, NT_COOKIE_REASON_SHIFT);
	if (call->is_function && wants_return(call->cookie))
		open_call(call, event);
	if (wants_payload())
		emit_payload(buffer, event, stack, call->skb, w, packet, unshown);
	else
		submit(event);
}

/*
 * A copy of a tracked skb, or with NT_EVENT_FREE the end of one, where no tracer
 * shows it: a record without sections, no event and not counted as one. Should
 * it find no room, the packet may be reported in two parts, or stay open in user
 * space until its time is up.
 */
static __always_inline void emit_life(const struct hook_call *call, __u64 ctx, __u16 flags)
{
	struct nt_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return;
	__builtin_memset(event, 0, sizeof(*event));
	event->ts = bpf_ktime_get_ns();
	event->skb = (__u64)call->skb;
	event->ctx = ctx;
	event->hook = cookie_hook(call->cookie);
	event->flags = NT_EVENT_SILENT | flags;
	event->cpu = bpf_get_smp_processor_id();
	submit(event);
}

#endif
